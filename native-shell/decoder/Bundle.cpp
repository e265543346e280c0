// The bundle's reader. Everything inside throws clauses ("latent.dim is missing"), of which readBundle makes sentences.
#include "Bundle.h"
#include "JsonPlace.h"
#include "JsonText.h"
#include "OnnxSummary.h"
#include "generated/protocol.h"

#include <algorithm>
#include <cmath>
#include <sha256.h>
#include <sstream>

namespace timbrefold
{
namespace
{
constexpr std::size_t maxBundleBytes = std::size_t { 64 } << 20;
constexpr std::size_t maxJsonBytes = std::size_t { 8 } << 20;
constexpr std::size_t maxPresets = 1024;
/** Levels and values of a JSON file: the largest map has 2048 points of 320 numbers. */
constexpr std::size_t maxDepth = 12, maxValues = 2'000'000;
constexpr ZipLimits limits { 32, std::size_t { 64 } << 20, std::size_t { 128 } << 20 };
/** Multiply-adds of a frame that can be played: the twin of MAX_ROW_MACS in plugin/model/bundle.ts. */
constexpr double maxRowMacs = 20e6;
/** Version of the bundle contract this reader knows. */
constexpr int contract = 1;
constexpr std::array required { "manifest.json", "presets.json", "map.json", "parity.npz", "card.md", "LICENSE" };

using Clause = JsonPlace::Clause;

/** graphs/name.onnx, the name of lower-case letters, digits, and from its second character on dashes and underscores. */
bool namesGraph (std::string_view name)
{
    constexpr std::string_view folder = "graphs/", ending = ".onnx";
    constexpr std::size_t longest = 61;
    if (! name.starts_with (folder) || ! name.ends_with (ending) || name.size() <= folder.size() + ending.size())
        return false;
    const auto stem = name.substr (folder.size(), name.size() - folder.size() - ending.size());
    const auto plain = [] (char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return stem.size() <= longest && plain (stem.front()) && std::all_of (stem.begin(), stem.end(), [plain] (char c) { return plain (c) || c == '-' || c == '_'; });
}

bool known (const std::string& name)
{
    return std::find (required.begin(), required.end(), name) != required.end() || namesGraph (name);
}

Json parsed (const std::map<std::string, Bytes>& files, const std::string& name)
{
    const auto& bytes = files.at (name);
    if (bytes.size() > maxJsonBytes)
        throw Clause (name + " is larger than " + std::to_string (maxJsonBytes >> 20) + " MiB");
    auto json = parseJson ({ reinterpret_cast<const char*> (bytes.data()), bytes.size() }, maxDepth, maxValues);
    if (json.is_null())
        throw Clause (name + " is not JSON");
    return json;
}

/** Every file of the zip but the manifest stands in it with its hash, and every file it names is there. */
void checkHashes (const std::map<std::string, Bytes>& files, const JsonPlace& manifest)
{
    std::map<std::string, std::string> hashes;
    if (! manifest["graphs"].value().is_object() || ! manifest["files"].value().is_object())
        throw Clause ("its manifest lists no files");
    for (const auto& [role, graph] : manifest["graphs"].value().items())
    {
        const JsonPlace place (graph, "manifest.json.graphs." + role);
        if (! hashes.emplace (place["file"].text (80), place["sha256"].sha256()).second)
            throw Clause (place["file"].text (80) + " is listed twice");
    }
    for (const auto& [name, hash] : manifest["files"].value().items())
        if (! hashes.emplace (name, JsonPlace (hash, "manifest.json.files." + name).sha256()).second)
            throw Clause (name + " is listed twice");
    for (const auto& [name, bytes] : files)
    {
        if (name == "manifest.json")
            continue;
        const auto listed = hashes.find (name);
        if (listed == hashes.end())
            throw Clause (name + " is not listed in the manifest");
        if (sha256Hex (bytes) != listed->second)
            throw Clause (name + " is not the file the manifest lists (its hash differs)");
    }
    for (const auto& entry : hashes)
        if (! files.contains (entry.first))
            throw Clause (entry.first + " is missing");
}

/** Sizes and columns of a frame, and what replaces numbers that are not finite. */
void readLayout (const JsonPlace& output, Bundle& bundle)
{
    struct Sizes
    {
        int least, most;
    };
    const std::map<std::string, Sizes> columns { { "partials", { 1, protocol::maxPartials } }, { "noise", { 1, protocol::maxNoiseBands } }, { "inharmonicity", { 1, 1 } },
                                               { "cents", { 1, 1 } },    { "detunes", { 1, protocol::maxPartials } }, { "vibrato", { 2, 2 } },  { "release", { 1, 1 } } };
    std::map<std::string, int> offsets;
    int at = 0;
    for (const auto& part : output["layout"].items (1, 8))
    {
        const auto name = part["name"].text (40);
        const auto sizes = columns.find (name);
        if (sizes == columns.end())
            throw Clause ("its frames carry \"" + name + "\", which this version does not know");
        const int size = part["size"].integer (sizes->second.least, sizes->second.most);
        if (! offsets.emplace (name, at).second)
            throw Clause ("its frames carry \"" + name + "\" twice");
        const bool level = name == "partials" || name == "noise";
        bundle.neutral.insert (bundle.neutral.end(), static_cast<std::size_t> (size), level ? protocol::floorDb : 0.0f);
        if (name == "partials")
            bundle.model.partials = size;
        if (name == "noise")
            bundle.model.noiseBands = size;
        if (name == "detunes")
            bundle.model.detunes = size;
        at += size;
    }
    if (! offsets.contains ("partials"))
        throw Clause ("its frames carry no partials");
    if (at > protocol::maxFrame)
        throw Clause ("its frames have " + std::to_string (at) + " values, at most " + std::to_string (protocol::maxFrame) + " are allowed");
    const auto offset = [&offsets] (const char* name, int otherwise)
    {
        const auto found = offsets.find (name);
        return found == offsets.end() ? otherwise : found->second;
    };
    bundle.model.frameSize = at;
    bundle.model.partialOffset = offset ("partials", 0);
    bundle.model.noiseOffset = offset ("noise", 0);
    bundle.model.centsOffset = offset ("cents", -1);
    bundle.model.inharmonicityOffset = offset ("inharmonicity", -1);
    bundle.model.detunesOffset = offset ("detunes", -1);
    bundle.model.vibratoOffset = offset ("vibrato", -1);
    bundle.model.releaseOffset = offset ("release", -1);
}

void readManifest (const JsonPlace& manifest, Bundle& bundle)
{
    auto& model = bundle.model;
    bundle.identity = { manifest["id"].text (100), manifest["graphs"]["decoder"]["sha256"].sha256() };
    bundle.name = manifest["name"].text (100);
    bundle.family = manifest["family"].text (100);
    bundle.version = manifest["version"].text (40);
    bundle.licence = manifest["licence"].text (100);
    const auto latent = manifest["latent"];
    model.latentDim = latent["dim"].integer (1, protocol::maxLatent);
    model.latentDetail = latent.has ("detail") ? latent["detail"].integer (0, model.latentDim - 1) : 0;
    const auto dim = static_cast<std::size_t> (model.latentDim);
    model.mean = latent["mean"].numbers (dim);
    model.std = latent["std"].numbers (dim);
    if (std::any_of (model.std.begin(), model.std.end(), [] (float spread) { return spread <= 0; }))
        throw Clause ("manifest.json.latent.std must be positive");
    const auto interpolation = latent["interpolation"].text (10);
    if (interpolation != "lerp" && interpolation != "slerp")
        throw Clause ("its latents are interpolated by \"" + interpolation + "\", which this version does not know");
    model.interpolation = interpolation == "slerp" ? CoreModel::Interpolation::slerp : CoreModel::Interpolation::lerp;

    manifest["conditioning"]["pitch"].must ("continuous", "pitch");
    const auto range = manifest["conditioning"]["range"].items (2, 2);
    model.pitchLow = range[0].number (0, 127);
    model.pitchHigh = range[1].number (0, 127);
    if (model.pitchLow >= model.pitchHigh)
        throw Clause ("its pitch range is empty");

    manifest["output"]["kind"].must ("partials", "output");
    manifest["output"]["scale"].must ("dB", "scale of levels");
    readLayout (manifest["output"], bundle);

    const auto time = manifest["time"];
    time["mode"].must ("indexed", "time");
    model.maxSeconds = time["maxSeconds"].number (0.001, 60);
    const auto sustain = time["sustain"].items (2, 2);
    model.sustainStart = sustain[0].number (0, 60);
    model.sustainEnd = sustain[1].number (0, 60);
    if (model.sustainStart > model.sustainEnd || model.sustainEnd > model.maxSeconds)
        throw Clause ("its sustain region does not lie within its time");
    bundle.batchFrames = time["batchFrames"].integer (1, 1024);
    manifest["state"].items (0, 0);

    const auto macros = manifest["macros"].items (8, 8);
    for (std::size_t i = 0; i < macros.size(); i++)
    {
        bundle.macros[i] = { macros[i]["label"].text (40), macros[i]["description"].text (400, 0) };
        model.macros[i] = macros[i]["direction"].numbers (dim);
    }
}

void readMap (const JsonPlace& map, Bundle& bundle)
{
    auto& model = bundle.model;
    const auto dim = static_cast<std::size_t> (model.latentDim);
    for (const auto& point : map["points"].items (1, protocol::maxMapPoints))
    {
        bundle.points.push_back ({ point["name"].text (200), point["family"].text (100) });
        model.map.push_back ({ point["x"].number (0, 1), point["y"].number (0, 1), point["latent"].numbers (dim) });
    }
    if (protocol::modelHeader + 10 * dim + model.map.size() * (2 + dim) > protocol::stagingFloats)
        throw Clause ("its map is larger than the core takes");
}

/** What a bundle may not contain, and what would cost too much to play, is refused before ONNX Runtime sees it. */
void checkGraph (const std::string& file, const Bytes& graph)
{
    double macs = 0;
    try
    {
        macs = rowMacs (graph);
    }
    catch (const std::exception& error)
    {
        throw Clause (file + ": " + error.what());
    }
    if (macs > maxRowMacs)
        throw Clause ("a frame costs " + std::to_string (std::llround (macs / 1e6)) + " million multiply-adds, more than the " + std::to_string (std::llround (maxRowMacs / 1e6))
                      + " million that can be played");
}

/** The card's first paragraph of prose. */
std::string summaryOf (const Bytes& card)
{
    std::istringstream lines (std::string (card.begin(), card.end()));
    std::string paragraph;
    for (std::string line; std::getline (lines, line) || ! paragraph.empty(); line.clear())
    {
        const auto words = line.find_first_not_of (" \t\r");
        if (words != std::string::npos)
            paragraph += (paragraph.empty() ? "" : " ") + line.substr (words, line.find_last_not_of (" \t\r") - words + 1);
        else if (! paragraph.empty())
        {
            if (std::string_view ("#|`>-").find (paragraph.front()) == std::string_view::npos)
                return paragraph;
            paragraph.clear();
        }
    }
    return {};
}

Bundle readAll (std::span<const std::uint8_t> bytes)
{
    if (bytes.size() > maxBundleBytes)
        throw Clause ("it has " + std::to_string (bytes.size() >> 20) + " MiB and " + std::to_string (maxBundleBytes >> 20) + " MiB are allowed");
    auto files = readZip (bytes, limits, known);
    for (const char* name : required)
        if (! files.contains (name))
            throw Clause (std::string (name) + " is missing");
    const auto manifestJson = parsed (files, "manifest.json");
    const JsonPlace manifest (manifestJson, "manifest.json");
    if (const auto& found = manifest["contract"].value(); found != contract)
        throw Clause ("it follows contract " + found.dump() + " and this Timbrefold reads " + std::to_string (contract) + "; update the one or the other");
    checkHashes (files, manifest);
    Bundle bundle;
    readManifest (manifest, bundle);
    const auto mapJson = parsed (files, "map.json");
    readMap (JsonPlace (mapJson, "map.json"), bundle);
    const auto presetsJson = parsed (files, "presets.json");
    for (const auto& preset : JsonPlace (presetsJson, "presets.json").items (1, maxPresets))
    {
        bundle.presets.push_back (parsePreset (preset.value(), std::to_string (bundle.presets.size() + 1) + " of the model"));
        if (const auto mismatch = modelMismatch (bundle.presets.back(), bundle.identity, bundle.name, static_cast<std::size_t> (bundle.model.latentDim)); ! mismatch.empty())
            throw Clause (mismatch.substr (0, mismatch.size() - 1));
    }
    bundle.summary = summaryOf (files.at ("card.md"));
    const auto decoder = manifest["graphs"]["decoder"]["file"].text (80);
    checkGraph (decoder, files.at (decoder));
    bundle.decoderGraph = std::move (files.at (decoder));
    return bundle;
}
} // namespace

Bundle readBundle (std::span<const std::uint8_t> bytes, const std::string& source)
{
    try
    {
        return readAll (bytes);
    }
    catch (const std::exception& error)
    {
        // A refused preset is a sentence already.
        std::string why = error.what();
        if (why.ends_with ('.'))
            why.pop_back();
        throw BundleError ("The model " + source + " was refused: " + why + ".");
    }
}

std::string sha256Hex (std::span<const std::uint8_t> bytes)
{
    std::array<char, SHA256_DIGEST_STRING_LENGTH> text {};
    SHA256Data (bytes.data(), bytes.size(), text.data());
    return text.data();
}
} // namespace timbrefold
