// Reads a bundle (name.timbre): an untrusted zip, checked in every part before anything of it is used. The twin of plugin/model/bundle.ts.
#pragma once

#include "CoreModel.h"
#include "Zip.h"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace timbrefold
{
/** A preset of a bundle: a latent, its place on the map, macros, and the parameters that differ from their defaults. */
struct Preset
{
    std::string name;
    std::vector<float> latent;
    float mapX, mapY;
    std::array<float, 8> macros;
    /** Index in the parameter table, and plain value. */
    std::vector<std::pair<int, float>> parameters;
    std::uint32_t seed;
};

/** What the native shell plays of a bundle; the encoder's graphs are the editor's business. */
struct Bundle
{
    /** What presets name the model by: its id and the hash of its decoder graph. */
    std::string id, sha256;
    std::string name;
    /** What each macro means here. */
    std::array<std::string, 8> macroLabels;
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

/** A preset from its JSON, for this model. @throws std::runtime_error with a clause saying what is wrong */
Preset parsePreset (const std::string& json, const Bundle& bundle);

/** SHA-256 in lower-case hexadecimal. */
std::string sha256Hex (std::span<const std::uint8_t> bytes);
} // namespace timbrefold
