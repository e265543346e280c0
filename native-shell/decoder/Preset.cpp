// Reading throws clauses, of which parsePreset makes sentences.
#include "Preset.h"
#include "JsonText.h"
#include "Migrations.h"
#include "generated/parameters.h"
#include "generated/protocol.h"

#include <algorithm>
#include <iterator>
#include <limits>

namespace timbrefold
{
namespace
{
constexpr const char* presetFormat = "timbrefold-preset";
constexpr int presetVersion = 1;
/** Two for each place of a path. */
constexpr std::size_t maxPathNumbers = 512;
/** A preset is a handful of lists. */
constexpr std::size_t maxDepth = 8, maxValues = 100'000;

/** What a preset keeps outside its parameters: the macros and the place on the map. */
bool keptElsewhere (const Parameter& row)
{
    const std::string_view id = row.id;
    return (id.size() == 6 && id.starts_with ("macro")) || id == "mapX" || id == "mapY";
}

Preset readCurrent (const JsonPlace& json)
{
    Preset preset;
    preset.name = json["name"].text (200);
    preset.model = { json["model"]["id"].text (200), json["model"]["sha256"].sha256() };
    preset.latent = json["latent"].numbers (1, protocol::maxLatent);
    preset.mapX = json["map"]["x"].number (0, 1);
    preset.mapY = json["map"]["y"].number (0, 1);
    const auto macros = json["macros"].numbers (8, 8, 0, 1);
    std::copy (macros.begin(), macros.end(), preset.macros.begin());
    if (! json["parameters"].value().is_object())
        throw JsonPlace::Clause ("its parameters are damaged");
    for (const auto& [id, value] : json["parameters"].value().items())
    {
        const auto row = std::find_if (parameters.begin(), parameters.end(), [&id = id] (const Parameter& parameter) { return id == parameter.id; });
        if (row == parameters.end())
            throw JsonPlace::Clause ("it sets \"" + firstCharacters (id, 60) + "\", which is not a parameter");
        if (keptElsewhere (*row))
            throw JsonPlace::Clause ("\"" + id + "\" stands under \"parameters\" but belongs under \"macros\" or \"map\"");
        preset.parameters.emplace_back (static_cast<int> (std::distance (parameters.begin(), row)), JsonPlace (value, id).number (row->min, row->max));
    }
    preset.seed = json["seed"].integer (std::uint32_t { 0 }, std::numeric_limits<std::uint32_t>::max());
    if (json.has ("path"))
        preset.path = json["path"].numbers (0, maxPathNumbers, 0, 1);
    if (preset.path.size() % 2 != 0)
        throw JsonPlace::Clause ("its path is damaged");
    if (json.has ("author"))
        preset.author = json["author"].text (200, 0);
    if (json.has ("tags"))
        for (const auto& tag : json["tags"].items (0, 24))
            preset.tags.push_back (tag.text (60));
    return preset;
}

nlohmann::ordered_json listOf (const auto& values)
{
    auto list = nlohmann::ordered_json::array();
    for (const float value : values)
        list.push_back (shortest (value));
    return list;
}
} // namespace

Preset parsePreset (const Json& json, const std::string& source)
{
    const auto refusal = [&source] (const std::string& why) { return PresetError ("The preset " + source + " cannot be used: " + why + "."); };
    if (! json.is_object() || json.value ("format", Json()) != presetFormat)
        throw refusal ("it is not a Timbrefold preset");
    try
    {
        const JsonPlace place (json, "preset");
        const auto version = place["version"].integer (1, std::numeric_limits<int>::max());
        if (version > presetVersion)
            throw JsonPlace::Clause ("it has version " + std::to_string (version) + " and this Timbrefold reads up to " + std::to_string (presetVersion) + "; update Timbrefold");
        const auto current = migrate (json, presetVersion, presetMigrations);
        return readCurrent ({ current, "preset" });
    }
    catch (const std::runtime_error& error)
    {
        throw refusal (error.what());
    }
}

Preset readPreset (std::string_view text, const std::string& source)
{
    if (text.size() > maxPresetBytes)
        throw PresetError ("The preset " + source + " cannot be used: it is larger than " + std::to_string (maxPresetBytes >> 20) + " MiB.");
    const auto json = parseJson (text, maxDepth, maxValues);
    if (json.is_null())
        throw PresetError ("The preset " + source + " cannot be used: it is not JSON.");
    return parsePreset (json, source);
}

nlohmann::ordered_json presetJson (const Preset& preset)
{
    nlohmann::ordered_json json {
        { "format", presetFormat },
        { "version", presetVersion },
        { "name", preset.name },
        { "model", { { "id", preset.model.id }, { "sha256", preset.model.sha256 } } },
        { "latent", listOf (preset.latent) },
    };
    json["map"] = { { "x", shortest (preset.mapX) }, { "y", shortest (preset.mapY) } };
    json["macros"] = listOf (preset.macros);
    auto moved = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < parameters.size(); i++)
    {
        const auto& row = parameters[i];
        const auto set = std::find_if (preset.parameters.begin(), preset.parameters.end(), [i] (const auto& entry) { return entry.first == static_cast<int> (i); });
        if (set != preset.parameters.end() && ! keptElsewhere (row) && set->second != row.initial)
            moved[row.id] = shortest (set->second);
    }
    json["parameters"] = std::move (moved);
    json["seed"] = preset.seed;
    if (! preset.path.empty())
        json["path"] = listOf (preset.path);
    if (! preset.author.empty())
        json["author"] = preset.author;
    if (! preset.tags.empty())
        json["tags"] = preset.tags;
    return json;
}

std::string writePreset (const Preset& preset)
{
    return writeJson (presetJson (preset), 2) + "\n";
}

std::string modelMismatch (const Preset& preset, const ModelIdentity& loaded, const std::string& name, std::size_t latentDim)
{
    if (preset.model != loaded)
        return "The preset \"" + preset.name + "\" was made for the model " + preset.model.id + " (" + preset.model.sha256.substr (0, 8) + "); " + name + " (" + loaded.id + ", "
               + loaded.sha256.substr (0, 8) + ") is loaded.";
    if (preset.latent.size() != latentDim)
        return "The preset \"" + preset.name + "\" has " + std::to_string (preset.latent.size()) + " latents; " + name + " has " + std::to_string (latentDim) + ".";
    return {};
}
} // namespace timbrefold
