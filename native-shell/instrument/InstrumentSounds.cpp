// What is heard: preset, values, corners, path; how it is chosen, and how it reaches the player.
#include "Instrument.h"

#include <algorithm>

namespace timbrefold
{
namespace
{
namespace event = protocol::event;

/** Blocks of the beside core until every smoothed parameter has arrived, and its rate. */
constexpr int settleBlocks = 12;
constexpr float besideRate = 48'000;
constexpr std::array places { "mapX", "mapY", "morphX", "morphY", "morphMix" };

std::string trimmed (const std::string& text)
{
    const auto first = text.find_first_not_of (" \t\r\n");
    return first == std::string::npos ? std::string() : text.substr (first, text.find_last_not_of (" \t\r\n") - first + 1);
}
} // namespace

void Instrument::select (int index)
{
    if (loaded == nullptr)
    {
        // The session's model is missing, and another sound is chosen instead of it.
        waiting.reset();
        takeModel (shipped());
    }
    if (static_cast<std::size_t> (index) < loaded->bundle.presets.size())
        take (loaded->bundle.presets[static_cast<std::size_t> (index)], index);
}

void Instrument::take (const Preset& chosen, int index)
{
    if (loaded == nullptr || chosen.model != loaded->bundle.identity)
        if (auto other = findModel (chosen.model, {}))
            takeModel (std::move (other));
    if (loaded == nullptr)
        throw PresetError ("The model of this session is missing; load it, or choose another sound, then the preset.");
    if (const auto mismatch = modelMismatch (chosen, loaded->bundle.identity, loaded->bundle.name, loaded->bundle.model.mean.size()); ! mismatch.empty())
        throw PresetError (mismatch);
    forgetState();
    apply (chosen, index < 0 ? indexOf (chosen) : index, chosen.path, tableOf (chosen), true);
}

void Instrument::restoreSound (const Json& state)
{
    try
    {
        const auto session = readSound (state);
        const auto name = loaded == nullptr ? std::string ("no model") : loaded->bundle.name;
        const auto identity = loaded == nullptr ? ModelIdentity {} : loaded->bundle.identity;
        if (const auto mismatch = modelMismatch (session.preset, identity, name, session.preset.latent.size()); ! mismatch.empty())
            throw PresetError (mismatch);
        corners = session.corners;
        submit (Change::cornerSounds);
        sayCorners();
        forgetState();
        apply (session.preset, indexOf (session.preset), session.path, session.values, true);
    }
    catch (const PresetError&)
    {
        throw;
    }
    catch (const JsonPlace::Clause& clause)
    {
        throw PresetError (std::string ("That sound cannot be used: ") + clause.what() + ".");
    }
}

/** A sound is chosen: what was kept for want of a model or of understanding has had its time. */
void Instrument::forgetState()
{
    unread.clear();
    waiting.reset();
    otherValues = Json::object();
    lastNotices.clear();
}

/** Sets sound, path and every parameter. */
void Instrument::apply (const Preset& chosen, int index, const std::vector<float>& itsPath, const ParameterValues::Table& table, bool isNewsToHost)
{
    preset = chosen;
    presetIndex = index;
    path = itsPath;
    const auto before = values.table();
    values.set (table);
    for (std::size_t i = 0; i < table.size(); i++)
    {
        hostKnows.set (i, table[i]);
        if (isNewsToHost && table[i] != before[i])
            tellHost (i, table[i]);
    }
    submit (Change::sound | Change::walk | Change::jumps);
    sayValues();
    say ({ { "type", "path" }, { "path", pathJson (path) } });
    saySound();
    tellHost (&InstrumentHost::programChanged);
    if (isNewsToHost)
        tellHost (&InstrumentHost::sessionChanged);
}

void Instrument::putCorner (const JsonPlace& request)
{
    const auto corner = static_cast<std::size_t> (request["corner"].integer (0, 3));
    const auto sound = request["sound"];
    if (loaded == nullptr)
        return;
    const auto& model = loaded->bundle.model;
    if (sound.has ("point"))
    {
        const auto point = sound["point"].integer (std::size_t { 0 }, model.map.size() - 1);
        corners[corner] = { loaded->bundle.points[point].name, model.map[point].latent };
    }
    else
        corners[corner] = readCorner (sound, model.mean.size());
    submit (Change::cornerSounds);
    tellHost (&InstrumentHost::sessionChanged);
    sayCorners();
}

int Instrument::indexOf (const Preset& wanted) const
{
    if (loaded == nullptr)
        return -1;
    const auto& presets = loaded->bundle.presets;
    const auto found = std::find_if (presets.begin(), presets.end(), [&wanted] (const Preset& each) { return each.name == wanted.name && each.latent == wanted.latent; });
    return found == presets.end() ? -1 : static_cast<int> (found - presets.begin());
}

/** The preset that what is heard now would be: elsewhere on the map, or morphed, the latent heard there becomes its own. The twin of plugin/wam/bake.ts. */
Preset Instrument::present (const std::string& name)
{
    if (loaded == nullptr)
        throw PresetError ("There is no sound yet: the model of this session is missing.");
    const auto table = values.table();
    Preset captured = preset;
    captured.name = trimmed (name).empty() ? preset.name : firstCharacters (trimmed (name), 200);
    std::copy_n (table.begin() + macro1Index, captured.macros.size(), captured.macros.begin());
    captured.parameters.clear();
    for (std::size_t i = 0; i < table.size(); i++)
        captured.parameters.emplace_back (static_cast<int> (i), table[i]);
    captured.path = path;
    if (table[mapXIndex] == preset.mapX && table[mapYIndex] == preset.mapY && table[parameterIndex ("morphMix")] == 0)
        return captured;
    Core beside;
    beside.prepare (besideRate);
    beside.setModel (loaded->bundle.model);
    beside.setSound (preset.latent, preset.mapX, preset.mapY);
    for (std::size_t corner = 0; corner < corners.size(); corner++)
        beside.setCorner (static_cast<int> (corner), corners[corner].latent);
    for (const char* id : places)
        if (const int index = findParameter (id); index >= 0)
            beside.event (0, event::parameter, 0, index, table[static_cast<std::size_t> (index)]);
    for (int block = 0; block < settleBlocks; block++)
        beside.process (protocol::maxBlock);
    captured.latent = beside.latent();
    captured.mapX = table[mapXIndex];
    captured.mapY = table[mapYIndex];
    captured.parameters[parameterIndex ("morphMix")].second = 0;
    return captured;
}

/** Hands the player what it has to play differently from the next block on. */
void Instrument::submit (unsigned parts)
{
    const auto missed = play.withdraw();
    if (missed != nullptr)
        parts |= missed->parts;
    if ((parts & Change::model) != 0)
        parts = Change::everything;
    auto change = std::make_unique<Change>();
    change->parts = parts;
    change->loaded = loaded;
    if ((parts & Change::model) != 0 && loaded != nullptr)
    {
        // A change that was never taken has left its slot as it was; otherwise that one plays, and the other is free.
        if (missed == nullptr || missed->number == 0)
            slot = 1 - slot;
        change->slot = slot;
        change->number = ++numbers;
        inSlots[static_cast<std::size_t> (slot)] = loaded;
        play.decoders().offer (slot, numbers, loaded->decoder());
    }
    change->latent = preset.latent;
    change->mapX = preset.mapX;
    change->mapY = preset.mapY;
    change->seed = preset.seed;
    for (std::size_t i = 0; i < corners.size(); i++)
        change->corners[i] = corners[i].latent;
    change->values = values.table();
    for (std::size_t key = 0; key < change->tuning.size(); key++)
        change->tuning[key] = tuning ? tuning->notes[key] : static_cast<float> (key);
    change->path = path;
    play.submit (std::move (change));
    play.collect();
}
} // namespace timbrefold
