// Reads a bundle (name.timbre): an untrusted zip, checked in every part before anything of it is used. The twin of plugin/model/bundle.ts.
#pragma once

#include "CoreModel.h"
#include "Preset.h"
#include "Zip.h"

#include <array>
#include <stdexcept>
#include <string>

namespace timbrefold
{
/** What the native shell plays of a bundle; the encoder's graphs are the editor's business. */
struct Bundle
{
    ModelIdentity identity;
    std::string name, family, version, licence;
    /** First paragraph of the card. */
    std::string summary;

    /** What a macro means here. */
    struct Macro
    {
        std::string label, description;
    };
    std::array<Macro, 8> macros;

    /** What the points of the map are called, in the order of `model.map`. */
    struct Point
    {
        std::string name, family;
    };
    std::vector<Point> points;
    CoreModel model;
    /** Rows of a decoder call, at most. */
    int batchFrames = 0;
    /** What stands in for a number of a frame that is not finite: floorDb in levels, 0 elsewhere. */
    std::vector<float> neutral;
    Bytes decoderGraph;
    std::vector<Preset> presets;
};

/** A bundle that is refused; the message is a sentence for the person who offered it. */
struct BundleError : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/**
 * Reads and checks a bundle: limits, names, hashes, form, and that all sizes fit each other and the core. The graph is not run here. `source` is the file's name
 * in sentences. Never on the audio thread. @throws BundleError
 */
Bundle readBundle (std::span<const std::uint8_t> bytes, const std::string& source);

/** SHA-256 in lower-case hexadecimal. */
std::string sha256Hex (std::span<const std::uint8_t> bytes);
} // namespace timbrefold
