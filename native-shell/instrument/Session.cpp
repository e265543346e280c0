// Reading throws clauses, of which readSession makes sentences.
#include "Session.h"
#include "JsonText.h"
#include "Migrations.h"

#include <limits>

namespace timbrefold
{
namespace
{
constexpr const char* sessionFormat = "timbrefold-state";
constexpr int sessionVersion = 1;
/** Levels and values of a state. */
constexpr std::size_t maxDepth = 24, maxValues = 1'000'000;
constexpr std::size_t maxPathNumbers = 512;
constexpr std::array known { "format", "version", "preset", "values", "corners", "modelName", "path", "tuning", "controllers", "plugin" };

Controllers readControllers (const Json& json)
{
    auto controllers = noControllers();
    if (json.is_object())
        for (const auto& [id, number] : json.items())
            if (const int index = findParameter (id); index >= 0 && number.is_number_integer() && number >= 0 && number < 128)
                controllers[static_cast<std::size_t> (index)] = number.get<int>();
    return controllers;
}

void readPluginPart (const JsonPlace& place, Session& session)
{
    if (place.has ("kept") && place["kept"].value().is_object())
        session.kept = place["kept"].value();
    session.embedsModel = place.has ("embedsModel") && place["embedsModel"].value() == true;
    if (place.has ("model") && place["model"].value().is_string())
        session.embedded = fromBase64 (place["model"].value().get_ref<const std::string&>());
}

Session readCurrent (const Json& json)
{
    auto session = readSound (json);
    const JsonPlace place (json, "its state");
    if (place.has ("modelName") && place["modelName"].value().is_string())
        session.modelName = firstCharacters (place["modelName"].value().get<std::string>(), 200);
    if (place.has ("tuning"))
        session.tuning = readTuning (place["tuning"]);
    if (place.has ("controllers"))
        session.controllers = readControllers (place["controllers"].value());
    if (place.has ("plugin"))
        readPluginPart (place["plugin"], session);
    for (const auto& [name, value] : json.items())
        if (std::find (known.begin(), known.end(), name) == known.end())
            session.others[name] = value;
    return session;
}

nlohmann::ordered_json numbersJson (const auto& values)
{
    auto list = nlohmann::ordered_json::array();
    for (const float value : values)
        list.push_back (std::isfinite (value) ? nlohmann::ordered_json (shortest (value)) : nlohmann::ordered_json (nullptr));
    return list;
}
} // namespace

CornerSound readCorner (const JsonPlace& place, std::size_t latentDim)
{
    return { place["name"].text (200, 0), place["latent"].numbers (latentDim) };
}

std::vector<float> readPath (const JsonPlace& place)
{
    auto path = place.numbers (0, maxPathNumbers, 0, 1);
    if (path.size() % 2 != 0)
        throw JsonPlace::Clause ("its path is damaged");
    return path;
}

Tuning readTuning (const JsonPlace& place)
{
    Tuning tuning;
    tuning.name = place["name"].text (200, 0);
    const auto notes = place["notes"].items (tuning.notes.size(), tuning.notes.size());
    std::transform (notes.begin(), notes.end(), tuning.notes.begin(), [] (const JsonPlace& note)
                    { return note.value().is_null() ? std::numeric_limits<float>::quiet_NaN() : note.number (-1000, 1000); });
    return tuning;
}

Session readSound (const Json& json)
{
    const JsonPlace place (json, "its state");
    Session session;
    session.preset = parsePreset (place["preset"].value(), "of the session");
    if (place.has ("values") && place["values"].value().is_object())
        for (const auto& [id, value] : place["values"].value().items())
        {
            if (! value.is_number() || ! std::isfinite (value.get<double>()))
                continue;
            if (const int index = findParameter (id); index >= 0)
                session.values[static_cast<std::size_t> (index)] = snap (parameters[static_cast<std::size_t> (index)], value.get<float>());
            else
                session.otherValues[id] = value;
        }
    const auto corners = place["corners"].items (4, 4);
    std::transform (corners.begin(), corners.end(), session.corners.begin(), [&session] (const JsonPlace& corner) { return readCorner (corner, session.preset.latent.size()); });
    if (place.has ("path"))
        session.path = readPath (place["path"]);
    return session;
}

ReadSession readSession (std::string_view bytes)
{
    const auto refused = [] (const std::string& why, bool keep) { return ReadSession { {}, "The session's state cannot be used: " + why + ".", keep }; };
    if (bytes.empty())
        return refused ("it is empty", false);
    if (bytes.size() > maxStateBytes)
        return refused ("it has " + std::to_string (bytes.size() >> 20) + " MiB, and at most " + std::to_string (maxStateBytes >> 20) + " MiB are read", false);
    const auto json = parseJson (bytes, maxDepth, maxValues);
    if (json.is_null())
    {
        // The beginning of one of ours, cut off or overwritten further on, is still worth keeping.
        const bool ours = bytes.substr (0, 200).find (sessionFormat) != std::string_view::npos;
        return refused (ours ? "it is damaged" : "it is not a state of Timbrefold", ours);
    }
    if (! json.is_object() || json.value ("format", Json()) != sessionFormat)
        return refused ("it is not a state of Timbrefold", false);
    try
    {
        const auto version = JsonPlace (json, "its state")["version"].integer (1, std::numeric_limits<int>::max());
        if (version > sessionVersion)
            return refused ("it has version " + std::to_string (version) + " and this Timbrefold reads up to " + std::to_string (sessionVersion) + "; update Timbrefold", true);
        return { readCurrent (migrate (json, sessionVersion, sessionMigrations)), {}, false };
    }
    catch (const std::exception& error)
    {
        std::string why = error.what();
        if (why.ends_with ('.'))
            why.pop_back();
        return refused (why, true);
    }
}

nlohmann::ordered_json cornersJson (const std::array<CornerSound, 4>& corners)
{
    auto list = nlohmann::ordered_json::array();
    for (const auto& corner : corners)
        list.push_back ({ { "name", corner.name }, { "latent", numbersJson (corner.latent) } });
    return list;
}

nlohmann::ordered_json pathJson (const std::vector<float>& path)
{
    return numbersJson (path);
}

nlohmann::ordered_json tuningJson (const std::optional<Tuning>& tuning)
{
    return tuning ? nlohmann::ordered_json { { "name", tuning->name }, { "notes", numbersJson (tuning->notes) } } : nlohmann::ordered_json (nullptr);
}

nlohmann::ordered_json valuesJson (const ParameterValues::Table& values)
{
    auto json = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < values.size(); i++)
        json[parameters[i].id] = shortest (values[i]);
    return json;
}

nlohmann::ordered_json controllersJson (const Controllers& controllers)
{
    auto json = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < controllers.size(); i++)
        if (controllers[i] >= 0)
            json[parameters[i].id] = controllers[i];
    return json;
}

nlohmann::ordered_json soundJson (const Session& session)
{
    auto values = valuesJson (session.values);
    for (const auto& [id, value] : session.otherValues.items())
        values[id] = value;
    nlohmann::ordered_json json { { "preset", presetJson (session.preset) }, { "values", std::move (values) }, { "corners", cornersJson (session.corners) } };
    if (! session.path.empty())
        json["path"] = pathJson (session.path);
    return json;
}

std::string writeSession (const Session& session)
{
    nlohmann::ordered_json json { { "format", sessionFormat }, { "version", sessionVersion } };
    json.update (soundJson (session));
    if (! session.modelName.empty())
        json["modelName"] = session.modelName;
    if (session.tuning)
        json["tuning"] = tuningJson (session.tuning);
    if (session.controllers != noControllers())
        json["controllers"] = controllersJson (session.controllers);
    for (const auto& [name, value] : session.others.items())
        json[name] = value;
    auto plugin = nlohmann::ordered_json::object();
    if (! session.kept.empty())
        plugin["kept"] = session.kept;
    if (session.embedsModel)
        plugin["embedsModel"] = true;
    if (! session.embedded.empty())
        plugin["model"] = toBase64 (std::span<const std::uint8_t> (session.embedded));
    if (! plugin.empty())
        json["plugin"] = std::move (plugin);
    return writeJson (json);
}
} // namespace timbrefold
