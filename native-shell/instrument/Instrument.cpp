// What faces and hosts say and hear. What they are told is collected under the lock and handed out without it, so that they may call back.
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

constexpr int allSoundOff = 120;

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
} // namespace

Instrument::Instrument (Surroundings itsSurroundings)
    : surroundings (std::move (itsSurroundings)), play (values, [this] { look(); })
{
    const Lock lock (mutex);
    takeModel (shipped());
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

bool Instrument::deliver()
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
    return ! calls.empty() || ! messages.empty();
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
        tellHost (&InstrumentHost::sessionChanged);
        say ({ { "type", "path" }, { "path", pathJson (path) } });
    }
    else if (type == "setTuning")
    {
        tuning = place.has ("tuning") ? std::optional (readTuning (place["tuning"])) : std::nullopt;
        submit (Change::keys);
        tellHost (&InstrumentHost::sessionChanged);
        say ({ { "type", "tuning" }, { "tuning", tuningJson (tuning) } });
    }
    else if (type == "learn")
        learn (place.has ("id") ? parameterOf (request) : -1);
    else if (type == "forget")
    {
        controllers[static_cast<std::size_t> (parameterOf (request))] = -1;
        applyControllers();
        tellHost (&InstrumentHost::sessionChanged);
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
    sayAll();
    // Last: what a face kept (its undo) belongs to the model and the sound that it knows by then.
    if (! sessionKeep.is_null())
        say ({ { "type", "kept" }, { "place", "session" }, { "value", sessionKeep } });
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

void Instrument::tellHost (void (InstrumentHost::*what)())
{
    forHost.emplace_back ([what] (InstrumentHost& to) { (to.*what)(); });
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
} // namespace timbrefold
