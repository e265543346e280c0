// The bundle's reader. Everything inside throws clauses ("latent.dim is missing"), of which readBundle makes sentences.
#include "Bundle.h"
#include "generated/parameters.h"
#include "generated/protocol.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>
#include <sha256.h>

namespace timbrefold
{
namespace
{
using Json = nlohmann::json;

constexpr std::size_t maxBundleBytes = std::size_t { 64 } << 20;
constexpr std::size_t maxJsonBytes = std::size_t { 8 } << 20;
constexpr std::size_t maxPresets = 1024;
constexpr ZipLimits limits { 32, std::size_t { 64 } << 20, std::size_t { 128 } << 20 };
/** Version of the bundle contract this reader knows. */
constexpr int contract = 1;
constexpr std::array required { "manifest.json", "presets.json", "map.json", "parity.npz", "card.md", "LICENSE" };

using Clause = std::runtime_error;

bool known (const std::string& name)
{
    static const std::regex graph ("graphs/[a-z0-9][a-z0-9_-]{0,60}\\.onnx");
    return std::find (required.begin(), required.end(), name) != required.end() || std::regex_match (name, graph);
}

/** A JSON value that knows where it stands, so that what is wrong with it can be said. */
class Place
{
public:
    Place (const Json& value, std::string path) : json (value), where (std::move (path)) {}

    Place operator[] (const char* key) const
    {
        if (! json.is_object() || ! json.contains (key))
            throw Clause (where + " lacks \"" + key + "\"");
        return { json.at (key), where + "." + key };
    }

    std::vector<Place> items (std::size_t least, std::size_t most) const
    {
        if (! json.is_array() || json.size() < least || json.size() > most)
            throw Clause (where + " must be a list of " + std::to_string (least) + " to " + std::to_string (most));
        std::vector<Place> all;
        for (std::size_t i = 0; i < json.size(); i++)
            all.emplace_back (json[i], where + "[" + std::to_string (i) + "]");
        return all;
    }

    std::string text (std::size_t most) const
    {
        if (! json.is_string() || json.get_ref<const std::string&>().empty() || json.get_ref<const std::string&>().size() > most)
            throw Clause (where + " must be a text of 1 to " + std::to_string (most) + " characters");
        return json.get<std::string>();
    }

    float number (double least, double most) const
    {
        const double value = json.is_number() ? json.get<double>() : std::nan ("");
        if (! (value >= least && value <= most))
            throw Clause (where + " must be a number from " + std::to_string (least) + " to " + std::to_string (most));
        return static_cast<float> (value);
    }

    template <typename Whole = int>
    Whole integer (Whole least, Whole most) const
    {
        if (! json.is_number_integer() || json.get<double>() < static_cast<double> (least) || json.get<double>() > static_cast<double> (most))
            throw Clause (where + " must be a whole number from " + std::to_string (least) + " to " + std::to_string (most));
        return json.get<Whole>();
    }

    std::vector<float> numbers (std::size_t count) const
    {
        std::vector<float> all;
        for (const auto& item : items (count, count))
            all.push_back (item.number (-1e30, 1e30));
        return all;
    }

    /** One of the values this version plays. */
    void must (const std::string& wanted, const char* what) const
    {
        if (const auto found = text (40); found != wanted)
            throw Clause (std::string ("its ") + what + " is \"" + found + "\"; this version plays \"" + wanted + "\"");
    }

    const Json& value() const { return json; }

private:
    const Json& json;
    std::string where;
};

Json parsed (const std::map<std::string, Bytes>& files, const std::string& name)
{
    const auto& bytes = files.at (name);
    if (bytes.size() > maxJsonBytes)
        throw Clause (name + " is larger than " + std::to_string (maxJsonBytes >> 20) + " MiB");
    auto json = Json::parse (bytes.begin(), bytes.end(), nullptr, false);
    if (json.is_discarded())
        throw Clause (name + " is not JSON");
    return json;
}

/** Every file of the zip but the manifest stands in it with its hash, and every file it names is there. */
void checkHashes (const std::map<std::string, Bytes>& files, const Place& manifest)
{
    std::map<std::string, std::string> hashes;
    for (const auto& [role, graph] : manifest["graphs"].value().items())
    {
        const Place place (graph, "manifest.json.graphs." + role);
        if (! hashes.emplace (place["file"].text (80), place["sha256"].text (64)).second)
            throw Clause (place["file"].text (80) + " is listed twice");
    }
    for (const auto& [name, hash] : manifest["files"].value().items())
        if (! hashes.emplace (name, Place (hash, "manifest.json.files").text (64)).second)
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
void readLayout (const Place& output, Bundle& bundle)
{
    const std::map<std::string, int> most { { "partials", protocol::maxPartials }, { "noise", protocol::maxNoiseBands }, { "inharmonicity", 1 }, { "cents", 1 } };
    std::map<std::string, int> offsets;
    int at = 0;
    for (const auto& part : output["layout"].items (1, 8))
    {
        const auto name = part["name"].text (40);
        const auto limit = most.find (name);
        if (limit == most.end())
            throw Clause ("its frames carry \"" + name + "\", which this version does not know");
        const int size = part["size"].integer (1, limit->second);
        if (! offsets.emplace (name, at).second)
            throw Clause ("its frames carry \"" + name + "\" twice");
        const bool level = name == "partials" || name == "noise";
        bundle.neutral.insert (bundle.neutral.end(), static_cast<std::size_t> (size), level ? protocol::floorDb : 0.0f);
        if (name == "partials")
            bundle.model.partials = size;
        if (name == "noise")
            bundle.model.noiseBands = size;
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
}

void readManifest (const Place& manifest, Bundle& bundle)
{
    auto& model = bundle.model;
    bundle.id = manifest["id"].text (100);
    bundle.name = manifest["name"].text (100);
    const auto latent = manifest["latent"];
    model.latentDim = latent["dim"].integer (1, protocol::maxLatent);
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
        bundle.macroLabels[i] = macros[i]["label"].text (40);
        model.macros[i] = macros[i]["direction"].numbers (dim);
    }
    bundle.sha256 = manifest["graphs"]["decoder"]["sha256"].text (64);
}

void readMap (const Place& map, CoreModel& model)
{
    const auto dim = static_cast<std::size_t> (model.latentDim);
    for (const auto& point : map["points"].items (1, protocol::maxMapPoints))
        model.map.push_back ({ point["x"].number (0, 1), point["y"].number (0, 1), point["latent"].numbers (dim) });
    if (protocol::modelHeader + 10 * dim + model.map.size() * (2 + dim) > protocol::stagingFloats)
        throw Clause ("its map is larger than the core takes");
}

Preset readPreset (const Place& json, const Bundle& bundle)
{
    json["format"].must ("timbrefold-preset", "preset format");
    json["version"].integer (1, 1);
    if (json["model"]["id"].text (200) != bundle.id || json["model"]["sha256"].text (64) != bundle.sha256)
        throw Clause ("its preset \"" + json["name"].text (200) + "\" was made for another model");
    Preset preset;
    preset.name = json["name"].text (200);
    preset.latent = json["latent"].numbers (static_cast<std::size_t> (bundle.model.latentDim));
    preset.mapX = json["map"]["x"].number (0, 1);
    preset.mapY = json["map"]["y"].number (0, 1);
    const auto macros = json["macros"].items (8, 8);
    std::transform (macros.begin(), macros.end(), preset.macros.begin(), [] (const Place& macro) { return macro.number (0, 1); });
    for (const auto& [id, value] : json["parameters"].value().items())
    {
        const auto row = std::find_if (parameters.begin(), parameters.end(), [&id = id] (const Parameter& parameter) { return id == parameter.id; });
        if (row == parameters.end())
            throw Clause ("its preset \"" + preset.name + "\" sets \"" + id + "\", which is not a parameter");
        preset.parameters.emplace_back (static_cast<int> (std::distance (parameters.begin(), row)), Place (value, id).number (row->min, row->max));
    }
    preset.seed = json["seed"].integer (std::uint32_t { 0 }, std::numeric_limits<std::uint32_t>::max());
    return preset;
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
    const Place manifest (manifestJson, "manifest.json");
    if (const auto& found = manifest["contract"].value(); found != contract)
        throw Clause ("it follows contract " + found.dump() + " and this Timbrefold reads " + std::to_string (contract) + "; update the one or the other");
    checkHashes (files, manifest);
    Bundle bundle;
    readManifest (manifest, bundle);
    const auto mapJson = parsed (files, "map.json");
    readMap (Place (mapJson, "map.json"), bundle.model);
    const auto presetsJson = parsed (files, "presets.json");
    for (const auto& preset : Place (presetsJson, "presets.json").items (1, maxPresets))
        bundle.presets.push_back (readPreset (preset, bundle));
    bundle.decoderGraph = std::move (files.at (manifest["graphs"]["decoder"]["file"].text (80)));
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
        throw BundleError ("The model " + source + " was refused: " + error.what() + ".");
    }
}

Preset parsePreset (const std::string& json, const Bundle& bundle)
{
    const auto value = Json::parse (json, nullptr, false);
    return readPreset (Place (value, "preset"), bundle);
}

std::string sha256Hex (std::span<const std::uint8_t> bytes)
{
    std::array<char, SHA256_DIGEST_STRING_LENGTH> text {};
    SHA256Data (bytes.data(), bytes.size(), text.data());
    return text.data();
}
} // namespace timbrefold
