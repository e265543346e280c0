// The preset: a latent, its place on the map, macros and the parameters that differ from their defaults. The twin of plugin/instrument/preset.ts, to the byte.
#pragma once

#include "JsonPlace.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace timbrefold
{
/** What a preset names its model by: its id and the hash of its decoder graph. */
struct ModelIdentity
{
    std::string id, sha256;

    bool operator== (const ModelIdentity&) const = default;
};

struct Preset
{
    std::string name;
    ModelIdentity model;
    std::vector<float> latent;
    float mapX = 0.5f, mapY = 0.5f;
    std::array<float, 8> macros { 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f };
    /** Index in the parameter table, and plain value. */
    std::vector<std::pair<int, float>> parameters;
    std::uint32_t seed = 0;
    /** The path over the map that the sound walks: x and y of its places one after the other; empty for none. */
    std::vector<float> path;
    std::string author;
    std::vector<std::string> tags;
};

/** A preset or a session that cannot be used; the message is a sentence for the musician. */
struct PresetError : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/** Bytes of a preset file, at most. */
inline constexpr std::size_t maxPresetBytes = std::size_t { 1 } << 20;

/** Checks a parsed preset of any known version and brings it to the present one. `source` names the file in sentences. Never on the audio thread. @throws PresetError */
Preset parsePreset (const Json& json, const std::string& source);

/** Reads a preset from the text of its file. Never on the audio thread. @throws PresetError */
Preset readPreset (std::string_view text, const std::string& source);

/** The JSON of a preset: fixed order, parameters in the table's order and only where they differ from the default. */
nlohmann::ordered_json presetJson (const Preset& preset);

/** The bytes of a preset's file. */
std::string writePreset (const Preset& preset);

/** Why a preset does not belong to the loaded model; empty where it does. */
std::string modelMismatch (const Preset& preset, const ModelIdentity& loaded, const std::string& name, std::size_t latentDim);
} // namespace timbrefold
