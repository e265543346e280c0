// Bundles: the one that ships is read as it is; whatever was done to it is refused by a sentence, and nothing worse happens.
#include "Bundles.h"

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

TEST_CASE ("a decoder that costs too much, or holds what a bundle may not contain, is refused before it runs")
{
    // ModelProto { graph (7) { node (1) { input (1), op_type (4) }, initializer (5) { dims (1), name (8) } } }; the weight has 6000 by 6000 numbers.
    const auto field = [] (char number, const std::string& content) { return std::string { static_cast<char> (number * 8 + 2), static_cast<char> (content.size()) } + content; };
    const std::string sizes = "\x08\xf0\x2e\x08\xf0\x2e";
    const auto graph = [&] (const std::string& type) { return field (7, field (1, field (1, "w") + field (4, type)) + field (5, sizes + field (8, "w"))); };
    const auto refusalOf = [] (const std::string& onnx)
    {
        const auto bytes = repacked (
            [&] (std::map<std::string, Bytes>& files, Json& manifest)
            {
                auto& decoder = manifest["graphs"]["decoder"];
                auto& file = files[decoder["file"].get<std::string>()];
                file = bytesOf (onnx);
                decoder["sha256"] = sha256Hex (file);
                auto presets = Json::parse (files.at ("presets.json"));
                for (auto& preset : presets)
                    preset["model"]["sha256"] = decoder["sha256"];
                files["presets.json"] = bytesOf (presets.dump());
            });
        return refusal (bytes);
    };
    CHECK (refusalOf (graph ("MatMul")) == "The model x.timbre was refused: a frame costs 36 million multiply-adds, more than the 20 million that can be played.");
    CHECK (refusalOf (graph ("Loop")) == "The model x.timbre was refused: graphs/decoder.onnx: it uses the operator Loop, which a bundle may not contain.");
    CHECK (refusalOf ("\x3a\x7f") == "The model x.timbre was refused: graphs/decoder.onnx: it is truncated.");
    CHECK (refusalOf (std::string (12, '\xff')) == "The model x.timbre was refused: graphs/decoder.onnx: it is damaged.");
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
