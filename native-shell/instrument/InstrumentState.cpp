// What a host keeps: sessions and programs, and the rate at which it plays.
#include "Instrument.h"

#include <algorithm>

namespace timbrefold
{
/** Everything that is heard, or would be if its model were there. */
Session Instrument::session() const
{
    Session now;
    now.preset = preset;
    now.values = values.table();
    now.otherValues = otherValues;
    now.corners = corners;
    now.modelName = loaded == nullptr ? modelName : loaded->bundle.name;
    now.path = path;
    now.tuning = tuning;
    now.controllers = controllers;
    now.kept = keptObjects;
    now.embedsModel = embeds;
    if (embeds && loaded != nullptr && ! loaded->factory)
        now.embedded.assign (loaded->bytes.begin(), loaded->bytes.end());
    else if (loaded == nullptr)
        now.embedded = carried;
    now.others = others;
    return now;
}

std::string Instrument::state() const
{
    const Lock lock (mutex);
    return ! unread.empty() ? unread : writeSession (waiting ? *waiting : session());
}

void Instrument::restore (std::string_view bytes)
{
    const Lock lock (mutex);
    lastNotices.clear();
    auto read = readSession (bytes);
    repeat = true;
    if (read.session)
    {
        unread.clear();
        return resume (std::move (*read.session));
    }
    notice ("state", "error", read.sentence + (read.keep ? " It is kept as it is, and nothing sounds, until another sound is chosen." : ""));
    if (! read.keep)
        return;
    // Not a wrong sound instead of the right one: silence.
    unread = bytes;
    loaded = nullptr;
    submit (Change::model);
}

/** Takes a session up again; silent, and kept, where its model is missing. */
void Instrument::resume (Session next)
{
    waiting.reset();
    const auto before = loaded;
    auto found = findModel (next.preset.model, next.embedded);
    if (found != nullptr && found->bundle.model.mean.size() != next.preset.latent.size())
        found = nullptr;
    loaded = std::move (found);
    corners = std::move (next.corners);
    tuning = std::move (next.tuning);
    controllers = next.controllers;
    otherValues = std::move (next.otherValues);
    others = std::move (next.others);
    keptObjects = std::move (next.kept);
    embeds = next.embedsModel;
    modelName = next.modelName;
    carried = loaded == nullptr ? std::move (next.embedded) : std::vector<std::uint8_t> {};
    preset = next.preset;
    submit (loaded != before ? Change::model : Change::cornerSounds | Change::keys);
    learning = -1;
    play.learn (-1);
    applyControllers();
    sayModel();
    sayCorners();
    say ({ { "type", "tuning" }, { "tuning", tuningJson (tuning) } });
    apply (next.preset, indexOf (next.preset), next.path, next.values, false);
    if (loaded != nullptr)
        return;
    folderSeen.clear();
    pollsUntilLook = 0;
    const auto& wanted = preset.model;
    Json message { { "type", "notice" },
                   { "id", "model" },
                   { "tone", "error" },
                   { "text",
                     "The model " + (modelName.empty() ? wanted.id : modelName) + " (" + wanted.id + ", " + wanted.sha256.substr (0, 8) + ") of \"" + preset.name
                         + "\" is missing. Nothing sounds until it is there: drop its .timbre file here, or put it into "
                         + (surroundings.models.empty() ? std::string ("the model folder") : surroundings.models.string()) + ". The sound itself is kept." },
                   { "action", { { "label", "Play another sound" }, { "request", { { "type", "selectPreset" }, { "index", 0 } } } } } };
    lastNotices["model"] = message;
    say (std::move (message));
}

Json Instrument::keptInSession (const std::string& name) const
{
    const Lock lock (mutex);
    return keptObjects.value (name, Json());
}

void Instrument::keepInSession (const std::string& name, Json value)
{
    const Lock lock (mutex);
    keptObjects[name] = std::move (value);
}

void Instrument::prepare (double itsRate, bool isOffline)
{
    const Lock lock (mutex);
    sampleRate = itsRate;
    const bool plays = play.prepare (itsRate, isOffline);
    busyBefore = 0;
    if (! plays)
        notice ("rate", "error",
                "The host runs at " + std::to_string (static_cast<long> (itsRate)) + " Hz; Timbrefold plays at 22050 to 192000 Hz. Until the host's rate is changed nothing sounds.");
    else
        lastNotices.erase ("rate");
    submit (Change::everything);
    if (plays)
        play.settle();
}

void Instrument::release()
{
    const Lock lock (mutex);
    play.release();
}

int Instrument::programCount() const
{
    const Lock lock (mutex);
    return loaded == nullptr ? 1 : static_cast<int> (loaded->bundle.presets.size());
}

int Instrument::program() const
{
    const Lock lock (mutex);
    return std::max (0, presetIndex);
}

std::string Instrument::programName (int index) const
{
    const Lock lock (mutex);
    if (loaded == nullptr)
        return preset.name + " (model missing)";
    const auto& presets = loaded->bundle.presets;
    return index >= 0 && static_cast<std::size_t> (index) < presets.size() ? presets[static_cast<std::size_t> (index)].name : std::string();
}

void Instrument::selectProgram (int index)
{
    const Lock lock (mutex);
    // A host repeats the program it believes in after it has restored a session; that must not become another sound.
    if (loaded == nullptr || index < 0 || static_cast<std::size_t> (index) >= loaded->bundle.presets.size() || index == std::max (0, presetIndex))
        return;
    take (loaded->bundle.presets[static_cast<std::size_t> (index)], index);
    repeat = true;
}
} // namespace timbrefold
