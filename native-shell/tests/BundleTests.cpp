// Bundles: the one that ships is read as it is; whatever was done to it is refused by a sentence, and nothing worse happens.
#include "Factory.h"

#include <doctest/doctest.h>
#include <random>

using namespace timbrefold;
using namespace timbrefold::tests;

namespace
{
/** The sentence by which bytes are refused; empty where they are not. */
std::string refusal (std::span<const std::uint8_t> bytes)
{
    try
    {
        readBundle (bytes, "x.timbre");
        return {};
    }
    catch (const BundleError& error)
    {
        return error.what();
    }
}
} // namespace

TEST_CASE ("the factory bundle is what its manifest says")
{
    const auto bundle = readBundle (factoryBytes(), "atlas.timbre");
    CHECK (bundle.identity.id == "timbrefold.atlas");
    CHECK (bundle.identity.sha256 == sha256Hex (bundle.decoderGraph));
    CHECK (bundle.model.latentDim > bundle.model.latentDetail);
    CHECK (bundle.model.frameSize > bundle.model.partials + bundle.model.noiseBands);
    CHECK (bundle.model.noiseOffset == bundle.model.partials);
    CHECK (bundle.model.inharmonicityOffset >= bundle.model.partials + bundle.model.noiseBands);
    CHECK (bundle.neutral.size() == static_cast<std::size_t> (bundle.model.frameSize));
    CHECK_FALSE (bundle.macros[0].label.empty());
    CHECK (bundle.points.size() == bundle.model.map.size());
    CHECK (bundle.summary.size() > 40);
    CHECK (bundle.summary.find ('\n') == std::string::npos);
    CHECK (bundle.model.map.size() > 10);
    CHECK (bundle.presets.size() > 1);
    for (const auto& preset : bundle.presets)
        CHECK (preset.latent.size() == bundle.model.mean.size());
}

TEST_CASE ("SHA-256 is SHA-256")
{
    const std::string text = "abc";
    CHECK (sha256Hex ({ reinterpret_cast<const std::uint8_t*> (text.data()), text.size() }) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE ("what is no bundle is refused by a sentence")
{
    const auto bytes = factoryBytes();
    CHECK (refusal ({}) == "The model x.timbre was refused: it is damaged or truncated.");
    std::mt19937 random (4);
    for (int i = 0; i < 20; i++)
    {
        const auto length = random() % bytes.size();
        CAPTURE (length);
        CHECK (refusal (std::span (bytes).first (length)).starts_with ("The model x.timbre was refused: "));
        Bytes noise (length % 5000);
        std::generate (noise.begin(), noise.end(), [&random] { return static_cast<std::uint8_t> (random()); });
        CHECK (refusal (noise).starts_with ("The model x.timbre was refused: "));
    }
}

TEST_CASE ("a changed byte is noticed in what is packed, and never does harm elsewhere")
{
    const auto bytes = factoryBytes();
    std::mt19937 random (9);
    int refused = 0;
    for (int i = 0; i < 30; i++)
    {
        auto changed = bytes;
        changed[random() % changed.size()] ^= static_cast<std::uint8_t> (1u << (random() % 8));
        refused += refusal (changed).empty() ? 0 : 1;
    }
    // Nearly all bytes belong to packed data, which has a checksum and a hash.
    CHECK (refused >= 29);
    // The directory stands at the end; a change there may be harmless (a date), a refusal or nothing, but no crash.
    for (int i = 0; i < 60; i++)
    {
        auto changed = bytes;
        changed[changed.size() - 1 - random() % 700] ^= static_cast<std::uint8_t> (1u << (random() % 8));
        const auto sentence = refusal (changed);
        CHECK ((sentence.empty() || sentence.starts_with ("The model x.timbre was refused: ")));
    }
}

TEST_CASE ("names are changed in place: what does not belong there is refused before anything is unpacked")
{
    auto bytes = factoryBytes();
    const std::string name = "graphs/refine.onnx";
    const std::string slip = "../../../../.evil0";
    REQUIRE (name.size() == slip.size());
    for (auto at = bytes.begin(); (at = std::search (at, bytes.end(), name.begin(), name.end())) != bytes.end();)
        at = std::copy (slip.begin(), slip.end(), at);
    CHECK (refusal (bytes).find ("an entry that does not belong there: \"../../../../.evil0\"") != std::string::npos);
}
