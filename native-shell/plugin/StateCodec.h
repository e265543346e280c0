// The state of a session as text: the preset's JSON (docs/contracts.md) in an envelope that says what it is.
#pragma once

#include "Bundle.h"

#include <string>

namespace timbrefold
{
enum class StateKind
{
    /** Read. */
    mine,
    /** A Timbrefold state, but of another model or a newer version: to be kept as it is. */
    foreign,
    /** Nothing that could be kept. */
    broken
};

/** The state that holds `preset`, made for the bundle's model. */
std::string writeState (const Preset& preset, const Bundle& bundle);

/** Reads a state; fills `preset` only where it is `mine`. */
StateKind readState (const std::string& text, const Bundle& bundle, Preset& preset);
} // namespace timbrefold
