// A model ready to play: what its bundle says, and its decoder's session. Opened once in a process, however many instruments play it.
#pragma once

#include "Bundle.h"
#include "OnnxDecoder.h"

#include <memory>
#include <span>
#include <string>

namespace timbrefold
{
/** Never changes once it is there, whatever happens to the file it came from; any thread may read it. */
struct LoadedModel
{
    /** Without its graph, which the session holds. */
    Bundle bundle;
    std::shared_ptr<const DecoderSession> session;
    /** The whole bundle as it was read: for the encoder's graphs, and for sessions that carry their model with them. */
    std::span<const std::uint8_t> bytes;
    /** What `bytes` looks at; empty where they are part of the program. */
    Bytes owned;
    /** The one that ships: a session never needs to carry it. */
    bool factory = false;

    /** A decoder with buffers of its own. Never on the audio thread. */
    std::unique_ptr<Decoder> decoder() const { return DecoderSession::decoderOf (session); }
};

/**
 * The models of this process. It keeps none alive: the last instrument that lets go of a model closes it. Any thread but the audio thread; opening the same
 * bundle on two threads opens it once.
 */
namespace models
{
/** Opens a bundle whose bytes outlive the process's last use of it (the factory's). @throws BundleError */
std::shared_ptr<const LoadedModel> openShipped (std::span<const std::uint8_t> bytes, const std::string& source);

/** Opens a bundle, or gives the one that is open already. `source` is the file's name in sentences. @throws BundleError */
std::shared_ptr<const LoadedModel> open (Bytes bytes, const std::string& source);

/** The open model of that identity; null where none is open. */
std::shared_ptr<const LoadedModel> find (const ModelIdentity& identity);
} // namespace models
} // namespace timbrefold
