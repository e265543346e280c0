// State and decisions. What a face or a host is told is collected under the lock and handed out without it, so that they may call back.
#include "Instrument.h"
#include "JsonText.h"
#include "ModelView.h"

#include <algorithm>
#include <limits>

namespace timbrefold
{
namespace
{
namespace event = protocol::event;

constexpr const char* factoryName = "atlas.timbre";
constexpr int allSoundOff = 120;
/** Polls from one look into the model folder to the next, about two seconds, while a model is missing. */
constexpr int pollsPerLook = 60;
/** Blocks of the beside core until every smoothed parameter has arrived, and its rate. */
constexpr int settleBlocks = 12;
constexpr float besideRate = 48'000;
constexpr std::array places { "mapX", "mapY", "morphX", "morphY", "morphMix" };

int parameterOf (const Json& request)
{
    const auto id = JsonPlace (request, "the request")["id"].text (60);
    const int index = findParameter (id);
    if (index < 0)
        throw PresetError ("There is no parameter \"" + id + "\"; docs/parameters.md lists them.");
    return index;
}

float share (const JsonPlace& request, const char* name, double least = 0)
{
    return std::clamp (request[name].number (-1e9, 1e9), static_cast<float> (least), 1.0f);
}

/** A name as files have it: letters and digits, joined by dashes. Bytes of UTF-8 beyond ASCII count as letters. */
std::string fileNameOf (const std::string& name)
{
    std::string out;
    for (const char c : name)
    {
        const auto byte = static_cast<unsigned char> (c);
        if (byte >= 0x80 || std::isalnum (byte))
            out += byte < 0x80 ? static_cast<char> (std::tolower (byte)) : c;
        else if (! out.empty() && out.back() != '-')
            out += '-';
    }
    while (out.ends_with ('-'))
        out.pop_back();
    return out.empty() ? "preset" : out;
}

std::string trimmed (const std::string& text)
{
    const auto first = text.find_first_not_of (" \t\r\n");
    return first == std::string::npos ? std::string() : text.substr (first, text.find_last_not_of (" \t\r\n") - first + 1);
}
} // namespace

/** A model on its way, read and tried on a thread of its own. */
struct Instrument::Loading
{
    ~Loading()
    {
        if (thread.joinable())
            thread.join();
    }

    std::atomic<bool> done { false };
    std::shared_ptr<const LoadedModel> model;
    std::string refusal;
    std::thread thread;
};

Instrument::Instrument (Surroundings itsSurroundings)
    : surroundings (std::move (itsSurroundings)), play (values)
{
    const Lock lock (mutex);
    takeModel (models::openShipped (surroundings.factory, factoryName));
    said.clear();
    forHost.clear();
}

Instrument::~Instrument() = default;

// ---- Faces and host ------------------------------------------------------------------------------------------------------------------------------------------

void Instrument::setHost (InstrumentHost* itsHost)
{
    const Lock lock (mutex);
    host = itsHost;
}

int Instrument::subscribe (Listener listener)
{
    const Lock lock (mutex);
    listeners.emplace_back (++subscriptions, std::make_shared<Listener> (std::move (listener)));
    play.record (true);
    if (scope == nullptr)
        scope = std::make_unique<Scope>();
    return subscriptions;
}

void Instrument::unsubscribe (int subscription)
{
    const Lock lock (mutex);
    std::erase_if (listeners, [subscription] (const auto& entry) { return entry.first == subscription; });
    if (! listeners.empty())
        return;
    play.record (false);
    scope.reset();
    wave = false;
}

void Instrument::emit (Json message)
{
    {
        const Lock lock (mutex);
        const auto type = message.value ("type", std::string());
        if (type == "status" || type == "audio" || type == "midi")
            standing[type == "status" ? type + " " + message.value ("place", std::string()) : type] = message;
        say (std::move (message));
    }
    deliver();
}

void Instrument::deliver()
{
    std::vector<Json> messages;
    std::vector<std::function<void (InstrumentHost&)>> calls;
    std::vector<std::shared_ptr<Listener>> hearing;
    InstrumentHost* told = nullptr;
    {
        const Lock lock (mutex);
        messages.swap (said);
        calls.swap (forHost);
        told = host;
        for (const auto& entry : listeners)
            hearing.push_back (entry.second);
    }
    if (told != nullptr)
        for (const auto& call : calls)
            call (*told);
    for (const auto& message : messages)
        for (const auto& listener : hearing)
            (*listener) (message);
}

void Instrument::say (Json message)
{
    // Nobody listens: a face that comes later is told everything by its hello.
    if (! listeners.empty())
        said.push_back (std::move (message));
}

void Instrument::notice (const std::string& id, const std::string& tone, const std::string& text)
{
    Json message { { "type", "notice" }, { "id", id }, { "tone", tone }, { "text", text } };
    if (tone == "error")
        lastNotices[id] = message;
    say (std::move (message));
}

bool Instrument::handle (const Json& request)
{
    const auto type = request.is_object() ? request.value ("type", std::string()) : std::string();
    bool mine = true;
    {
        const Lock lock (mutex);
        try
        {
            mine = decide (type, request);
        }
        catch (const PresetError& error)
        {
            notice (type, "error", error.what());
        }
        catch (const std::exception& error)
        {
            notice (type, "error", std::string ("That did not work: ") + error.what() + (std::string_view (error.what()).ends_with ('.') ? "" : "."));
        }
    }
    deliver();
    return mine;
}

bool Instrument::decide (const std::string& type, const Json& request)
{
    const JsonPlace place (request, "the request");
    const auto channel = [&] { return place["channel"].integer (0, 15); };
    const auto key = [&] { return place["key"].integer (0, 127); };
    if (type == "hello")
        greet();
    else if (type == "gesture")
    {
        const int index = parameterOf (request);
        const bool begins = place["phase"].text (10) == "begin";
        forHost.emplace_back ([index, begins] (InstrumentHost& to) { to.gesture (index, begins); });
    }
    else if (type == "parameter")
        setParameter (parameterOf (request), place["value"].number (-1e9, 1e9));
    else if (type == "noteOn" || type == "noteOff")
    {
        const bool down = type == "noteOn";
        play.play (down ? event::noteOn : event::noteOff, channel(), key(), share (place, "velocity"));
        say ({ { "type", "key" }, { "key", key() }, { "down", down } });
    }
    else if (type == "bend")
        play.play (event::pitchBend, channel(), 0, share (place, "value", -1));
    else if (type == "pressure")
        play.play (event::pressure, channel(), 0, share (place, "value"));
    else if (type == "controller")
        play.play (event::controller, channel(), place["number"].integer (0, 127), share (place, "value"));
    else if (type == "panic")
        for (int each = 0; each < 16; each++)
            play.play (event::controller, each, allSoundOff, 0);
    else if (type == "selectPreset")
        select (place["index"].integer (0, 100'000));
    else if (type == "loadPreset")
        take (readPreset (place["text"].text (maxPresetBytes + 1, 0), place["fileName"].text (1000, 0)), -1);
    else if (type == "restore")
        restoreSound (request.value ("state", Json()));
    else if (type == "savePreset")
    {
        const auto captured = present (place["name"].text (10'000, 0));
        say ({ { "type", "file" }, { "fileName", fileNameOf (captured.name) + ".json" }, { "mime", "application/json" }, { "text", writePreset (captured) } });
    }
    else if (type == "capture")
        say ({ { "type", "captured" }, { "purpose", place["purpose"].text (200, 0) }, { "preset", presetJson (present (place["name"].text (10'000, 0))) } });
    else if (type == "setCorner")
        putCorner (place);
    else if (type == "setPath")
    {
        path = readPath (place["path"]);
        submit (Change::walk);
        say ({ { "type", "path" }, { "path", pathJson (path) } });
    }
    else if (type == "setTuning")
    {
        tuning = place.has ("tuning") ? std::optional (readTuning (place["tuning"])) : std::nullopt;
        submit (Change::keys);
        say ({ { "type", "tuning" }, { "tuning", tuningJson (tuning) } });
    }
    else if (type == "learn")
        learn (place.has ("id") ? parameterOf (request) : -1);
    else if (type == "forget")
    {
        controllers[static_cast<std::size_t> (parameterOf (request))] = -1;
        applyControllers();
    }
    else if (type == "watch")
        wave = place["wave"].value() == true;
    else if (type == "loadBundle")
    {
        if (! place["bytes"].value().is_string())
            throw PresetError ("The model's bytes are missing.");
        startLoading (place["fileName"].text (1000, 0), fromBase64 (place["bytes"].value().get_ref<const std::string&>()));
    }
    else if (type == "keep" && place["place"].text (20) == "session")
        sessionKeep = place["value"].value();
    else
        return false;
    return true;
}

void Instrument::greet()
{
    for (const auto& entry : standing)
        say (entry.second);
    if (! sessionKeep.is_null())
        say ({ { "type", "kept" }, { "place", "session" }, { "value", sessionKeep } });
    sayAll();
    for (const auto& entry : lastNotices)
        say (entry.second);
}

void Instrument::sayAll()
{
    sayModel();
    sayValues();
    say ({ { "type", "tuning" }, { "tuning", tuningJson (tuning) } });
    sayLearned();
    sayCorners();
    say ({ { "type", "path" }, { "path", pathJson (path) } });
    saySound();
}

void Instrument::sayModel()
{
    if (! listeners.empty())
        say ({ { "type", "model" }, { "model", loaded == nullptr ? Json() : modelView (*loaded) } });
}

void Instrument::saySound()
{
    say ({ { "type", "sound" }, { "preset", presetJson (preset) }, { "index", presetIndex } });
}

void Instrument::sayCorners()
{
    say ({ { "type", "corners" }, { "corners", cornersJson (corners) } });
}

void Instrument::sayValues()
{
    echoed = values.table();
    say ({ { "type", "parameters" }, { "values", valuesJson (echoed) } });
}

void Instrument::sayLearned()
{
    say ({ { "type", "learned" }, { "controllers", controllersJson (controllers) }, { "waiting", learning < 0 ? Json() : Json (parameters[static_cast<std::size_t> (learning)].id) } });
}

// ---- Parameters ----------------------------------------------------------------------------------------------------------------------------------------------

float Instrument::plain (int index) const noexcept
{
    return values.plain (static_cast<std::size_t> (index));
}

float Instrument::normalised (int index) const noexcept
{
    return values.normalised (static_cast<std::size_t> (index));
}

void Instrument::automate (int index, float normalised) noexcept
{
    const auto at = static_cast<std::size_t> (index);
    // A host gives back what it was told: the way through 0..1 and back is no movement.
    constexpr float noMovement = 1e-6f;
    if (std::abs (normalised - values.normalised (at)) <= noMovement)
        return;
    const float plain = toPlain (parameters[at], normalised);
    hostKnows.set (at, plain);
    values.set (at, plain);
}

void Instrument::setParameter (int index, float plain)
{
    const auto at = static_cast<std::size_t> (index);
    const float value = snap (parameters[at], plain);
    values.set (at, value);
    echoed[at] = value;
    tellHost (at, value);
    say ({ { "type", "parameters" }, { "values", { { parameters[at].id, shortest (value) } } } });
}

void Instrument::tellHost (std::size_t index, float plain)
{
    hostKnows.set (index, plain);
    forHost.emplace_back ([index, plain] (InstrumentHost& to) { to.parameterMoved (static_cast<int> (index), toNormalised (parameters[index], plain)); });
}

void Instrument::learn (int index)
{
    learning = index;
    play.learn (index);
    sayLearned();
}

/** Tells the player which controller moves what. */
void Instrument::applyControllers()
{
    std::array<int, 128> byNumber;
    byNumber.fill (-1);
    for (std::size_t i = 0; i < controllers.size(); i++)
        if (controllers[i] >= 0)
            byNumber[static_cast<std::size_t> (controllers[i])] = static_cast<int> (i);
    for (std::size_t number = 0; number < byNumber.size(); number++)
        play.map (static_cast<int> (number), byNumber[number]);
    sayLearned();
}

// ---- Sounds --------------------------------------------------------------------------------------------------------------------------------------------------

void Instrument::select (int index)
{
    if (loaded == nullptr)
    {
        // The session's model is missing, and another sound is chosen instead of it.
        waiting.reset();
        takeModel (models::openShipped (surroundings.factory, factoryName));
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
    catch (const JsonPlace::Clause& clause)
    {
        throw PresetError (clause.what());
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
    forHost.emplace_back ([] (InstrumentHost& to) { to.soundChanged(); });
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

// ---- Models --------------------------------------------------------------------------------------------------------------------------------------------------

/** Plays a model from its first preset on. */
void Instrument::takeModel (std::shared_ptr<const LoadedModel> model)
{
    loaded = std::move (model);
    const auto& presets = loaded->bundle.presets;
    // Four sounds far apart in the list are more likely to differ than the first four.
    for (std::size_t i = 0; i < corners.size(); i++)
        corners[i] = { presets[i * presets.size() / corners.size()].name, presets[i * presets.size() / corners.size()].latent };
    preset = presets.front();
    submit (Change::model);
    sayModel();
    sayCorners();
    apply (presets.front(), 0, presets.front().path, tableOf (presets.front()), true);
}

/** The model of that identity wherever it is: open already, shipped, inside the session, or in the user's folder. */
std::shared_ptr<const LoadedModel> Instrument::findModel (const ModelIdentity& identity, const std::vector<std::uint8_t>& embedded)
{
    if (loaded != nullptr && loaded->bundle.identity == identity)
        return loaded;
    if (auto open = models::find (identity))
        return open;
    if (auto shipped = models::openShipped (surroundings.factory, factoryName); shipped->bundle.identity == identity)
        return shipped;
    try
    {
        if (! embedded.empty())
            if (auto inside = models::open (embedded, "inside the session"); inside->bundle.identity == identity)
                return inside;
        if (const auto file = surroundings.models.empty() ? std::nullopt : ModelFolder (surroundings.models).find (identity))
            if (auto found = models::open (readBundleFile (*file), file->filename().string()); found->bundle.identity == identity)
                return found;
    }
    catch (const std::exception& error)
    {
        notice ("model", "error", error.what());
    }
    return nullptr;
}

void Instrument::startLoading (std::string source, Bytes bytes)
{
    if (loading != nullptr)
        return notice ("model", "information", "A model is being loaded; try again when it is there.");
    say ({ { "type", "status" }, { "stage", "loading" }, { "place", "map" }, { "text", "Opening " + source }, { "progress", -1 } });
    loading = std::make_unique<Loading>();
    loading->thread = std::thread (
        [task = loading.get(), from = std::move (source), data = std::move (bytes)]() mutable
        {
            try
            {
                task->model = models::open (std::move (data), from);
            }
            catch (const std::exception& error)
            {
                task->refusal = error.what();
            }
            task->done.store (true, std::memory_order_release);
        });
}

void Instrument::followLoading()
{
    if (loading == nullptr || ! loading->done.load (std::memory_order_acquire))
        return;
    const auto ended = std::move (loading);
    say ({ { "type", "status" }, { "stage", "ready" }, { "place", "map" }, { "text", "" }, { "progress", 1 } });
    if (ended->model == nullptr)
        return notice ("model", "error", ended->refusal);
    if (loaded == nullptr && unread.empty() && ! waiting)
        waiting = session();
    if (waiting && waiting->preset.model == ended->model->bundle.identity)
        return resume (std::move (*waiting));
    takeModel (ended->model);
}

/** Looks for the missing model when its folder has changed. */
void Instrument::lookForModel()
{
    if (loaded != nullptr || ! unread.empty() || surroundings.models.empty() || --pollsUntilLook > 0)
        return;
    pollsUntilLook = pollsPerLook;
    const ModelFolder folder (surroundings.models);
    if (auto now = folder.fingerprint(); now != folderSeen)
    {
        folderSeen = std::move (now);
        if (auto found = findModel (preset.model, {}))
            resume (session());
    }
}

std::shared_ptr<const LoadedModel> Instrument::model() const
{
    const Lock lock (mutex);
    return loaded;
}

bool Instrument::embedsModel() const
{
    const Lock lock (mutex);
    return embeds;
}

void Instrument::embedModel (bool embed)
{
    const Lock lock (mutex);
    embeds = embed;
}

// ---- State ---------------------------------------------------------------------------------------------------------------------------------------------------

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
    pollsUntilLook = pollsPerLook;
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

// ---- What moves ----------------------------------------------------------------------------------------------------------------------------------------------

void Instrument::poll()
{
    {
        const Lock lock (mutex);
        play.collect();
        followPlayer();
        followLoading();
        lookForModel();
        if (std::exchange (repeat, false))
        {
            said.clear();
            greet();
            forHost.emplace_back ([] (InstrumentHost& to) { to.soundChanged(); });
        }
        followParameters();
        measure();
    }
    deliver();
}

void Instrument::followPlayer()
{
    PlayerNote note {};
    while (play.take (note))
    {
        const auto at = static_cast<std::size_t> (note.number);
        if (note.kind == PlayerNote::keyDown || note.kind == PlayerNote::keyUp)
            say ({ { "type", "key" }, { "key", note.number }, { "down", note.kind == PlayerNote::keyDown } });
        else if (note.kind == PlayerNote::learned)
        {
            // A controller moves one parameter, a parameter follows one controller.
            std::replace (controllers.begin(), controllers.end(), note.number, -1);
            controllers[static_cast<std::size_t> (note.parameter)] = note.number;
            learning = -1;
            applyControllers();
        }
        else if (loaded != nullptr && at < loaded->bundle.presets.size())
        {
            // The player has the sound already, at its sample; only what it leaves to us is missing.
            forgetState();
            preset = loaded->bundle.presets[at];
            presetIndex = note.number;
            path = preset.path;
            submit (Change::walk);
            say ({ { "type", "path" }, { "path", pathJson (path) } });
            saySound();
            forHost.emplace_back ([] (InstrumentHost& to) { to.soundChanged(); });
        }
    }
}

/** Echoes to the faces what the host and the player have moved, and to the host what the player has moved. */
void Instrument::followParameters()
{
    auto moved = Json::object();
    for (std::size_t i = 0; i < echoed.size(); i++)
    {
        const float now = values.plain (i);
        if (now != hostKnows.plain (i))
            tellHost (i, now);
        if (now == echoed[i])
            continue;
        echoed[i] = now;
        moved[parameters[i].id] = shortest (now);
    }
    if (! moved.empty())
        say ({ { "type", "parameters" }, { "values", std::move (moved) } });
}

void Instrument::measure()
{
    const auto* meters = play.meters();
    if (listeners.empty() || meters == nullptr)
        return;
    auto voices = Json::array();
    for (std::size_t at = 0; at < meters->voices.size(); at += protocol::voiceReport)
        if (const float* voice = meters->voices.data() + at; voice[0] != 0)
            voices.push_back ({ { "channel", static_cast<int> (voice[1]) }, { "key", static_cast<int> (voice[2]) }, { "level", shortest (voice[3]) }, { "x", shortest (voice[4]) },
                                { "y", shortest (voice[5]) }, { "seconds", shortest (voice[6]) } });
    const bool sounding = ! voices.empty();
    const auto now = std::chrono::steady_clock::now();
    const auto busy = play.decoderBusyNs();
    const auto span = std::chrono::nanoseconds (now - measuredAt).count();
    const double load = measuredAt.time_since_epoch().count() == 0 || span <= 0 ? -1 : std::clamp (static_cast<double> (busy - busyBefore) / static_cast<double> (span), 0.0, 1.0);
    measuredAt = now;
    busyBefore = busy;
    const bool resting = ! sounding && meters->peakLeft == 0 && meters->peakRight == 0 && play.decoderWaiting() == 0;
    // Silence that was shown already need not be painted thirty times a second.
    if (! resting || ! rests)
        say ({ { "type", "meters" },
               { "peakLeft", shortest (meters->peakLeft) },
               { "peakRight", shortest (meters->peakRight) },
               { "voices", std::move (voices) },
               { "underruns", meters->underruns },
               { "decoderLoad", std::round (load * 1000) / 1000 },
               { "decoderWaiting", play.decoderWaiting() } });
    rests = resting;
    if (scope == nullptr || (! sounding && ! wave))
        return;
    scope->look (play.recent());
    if (sounding)
        say ({ { "type", "spectrum" }, { "levelsDb", toBase64 (scope->spectrumDb()) }, { "binHz", sampleRate / static_cast<double> (Scope::size) } });
    if (wave)
        say ({ { "type", "wave" }, { "samples", toBase64 (scope->wave()) }, { "sampleRate", sampleRate } });
}
} // namespace timbrefold
