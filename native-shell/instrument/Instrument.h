// The instrument behind every native face and host: holds its state, decides what a face asks, echoes what holds. The twin of plugin/wam/instrument.ts; no JUCE in it.
#pragma once

#include "LoadedModel.h"
#include "ModelFolder.h"
#include "ModelLoading.h"
#include "Player.h"
#include "Scope.h"
#include "Session.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace timbrefold
{
/** What a host is told. Called on the message thread, while nothing of the instrument is locked, save where another is named. */
class InstrumentHost
{
public:
    virtual ~InstrumentHost() = default;

    /** The instrument moved a parameter (a face, a preset, a learned controller); normalised 0..1. */
    virtual void parameterMoved (int index, float normalised) = 0;
    /** A hand touches or leaves a control. */
    virtual void gesture (int index, bool begins) = 0;
    /** Another program or another list of them: what the host shows of it is out of date. */
    virtual void programChanged() = 0;
    /** Something that is no parameter: the host's session has something to save. */
    virtual void sessionChanged() = 0;
    /** `Instrument::poll` has something to do. Called on the decoder thread while the instrument is locked: only to have the message thread call it. */
    virtual void pollSoon() = 0;
};

/**
 * One instrument. Threads: `player()` belongs to the audio thread while it runs; `handle`, `poll` and `subscribe` to the message thread; everything else to
 * any thread but the audio thread. Nothing here waits for the audio thread or the decoder.
 */
class Instrument
{
public:
    /** What surrounds it: the bundle that ships (bytes that outlive every instrument), and the folder of the user's models. */
    struct Surroundings
    {
        std::span<const std::uint8_t> factory;
        std::filesystem::path models;
    };

    /** Opens the factory model with its first preset. @throws BundleError, std::runtime_error */
    explicit Instrument (Surroundings surroundings);
    ~Instrument();
    Instrument (const Instrument&) = delete;
    Instrument& operator= (const Instrument&) = delete;

    // ---- Message thread ----

    using Listener = std::function<void (const Json& message)>;

    /** Absent while nobody wants to hear. The host outlives the instrument or is taken away by nullptr. */
    void setHost (InstrumentHost* host);

    /** Hands every HostMessage of plugin/instrument/messages.ts to `listener`, typed arrays as base64; returns what `unsubscribe` takes. */
    int subscribe (Listener listener);
    void unsubscribe (int subscription);

    /**
     * Decides a UiRequest of plugin/instrument/messages.ts, ArrayBuffers as base64. Never throws: what goes wrong is emitted as a notice. False where the
     * request is none of the instrument's (user's presets, files, encoding, export, windows): it is then the face's to answer.
     */
    bool handle (const Json& request);

    /** Sends a message to every listener; for what a face or a host has to say itself. `status`, `audio` and `midi` are repeated after `hello`. */
    void emit (Json message);

    /**
     * Call again and again, whether a face is open or not: follows the audio thread, loading models and the host's automation. True where somebody watches or
     * something goes on: it then wants to be called about 30 times a second, otherwise some times a second, or only when the host is told `pollSoon`.
     */
    bool poll();

    /** Whether the host is told `pollSoon` within about a quarter of a second of there being something to do: in real time only. */
    bool asksForPolls() const;

    // ---- Any thread but the audio thread ----

    /** The session as the host keeps it: plugin/instrument/session.ts as text, or, byte for byte, what `restore` could not read. */
    std::string state() const;

    /** Takes what `state` gave, on any version of Timbrefold. Never throws; what cannot be used is said by a notice and changes nothing. */
    void restore (std::string_view bytes);

    /** Joins core and decoder anew. At a sample rate that the core does not play it stays silent and says so. Not while the player runs. */
    void prepare (double sampleRate, bool offline);
    /** Ends the decoder thread. Not while the player runs. */
    void release();

    /** Programs: the presets of the model. */
    int programCount() const;
    int program() const;
    std::string programName (int index) const;
    void selectProgram (int index);

    /** Parameters, by index of the table. */
    float plain (int index) const noexcept;
    float normalised (int index) const noexcept;
    /** A value that the host sets: heard from the next block on, echoed to the faces by `poll`. Audio thread too. */
    void automate (int index, float normalised) noexcept;

    /** The model that plays, absent while the session's is missing. Its bundle's bytes are `model()->bytes`. */
    std::shared_ptr<const LoadedModel> model() const;

    /** Whether the state carries the model's bundle with it, for machines that lack it. */
    bool embedsModel() const;
    void embedModel (bool embed);

    /** Something that a face keeps in the session (its size), as JSON under a name of its own; null where there is nothing. */
    Json keptInSession (const std::string& name) const;
    void keepInSession (const std::string& name, Json value);

    /** Has the host poll where there is something to do. Called again and again by the decoder thread while that runs; never waits. */
    void look();

    // ---- Audio thread ----

    Player& player() noexcept { return play; }

private:
    using Lock = std::lock_guard<std::mutex>;

    // Everything from here on is called with `mutex` held, save `deliver`.
    bool decide (const std::string& type, const Json& request);
    void greet();
    void setParameter (int index, float plain);
    void tellHost (std::size_t index, float plain);
    void tellHost (void (InstrumentHost::*what)());
    void select (int index);
    void take (const Preset& chosen, int index);
    void restoreSound (const Json& state);
    void putCorner (const JsonPlace& request);
    void apply (const Preset& chosen, int index, const std::vector<float>& itsPath, const ParameterValues::Table& table, bool isNewsToHost);
    void forgetState();
    void submit (unsigned parts);
    Preset present (const std::string& name);
    int indexOf (const Preset& wanted) const;
    Session session() const;
    void resume (Session next);
    void takeModel (std::shared_ptr<const LoadedModel> model);
    std::shared_ptr<const LoadedModel> shipped() const;
    std::shared_ptr<const LoadedModel> findModel (const ModelIdentity& identity, const std::vector<std::uint8_t>& embedded);
    void startLoading (std::string source, Bytes bytes);
    void lookForModel();
    void learn (int index);
    void applyControllers();
    void say (Json message);
    void notice (const std::string& id, const std::string& tone, const std::string& text);
    void sayAll();
    void sayModel();
    void saySound();
    void sayCorners();
    void sayValues();
    void sayLearned();
    void followPlayer();
    void followParameters();
    void followLoading();
    void measure();
    bool hasNews() const;

    /** Hands out what was said and what the host has to know, without the lock; false where that was nothing. Message thread. */
    bool deliver();

    const Surroundings surroundings;
    ParameterValues values;
    /** The values as the host believes them to be. */
    ParameterValues hostKnows;
    Player play;

    mutable std::mutex mutex;
    /** Null while the session's model is missing, or its state could not be read. */
    std::shared_ptr<const LoadedModel> loaded;
    /** The sound at its home; what would sound if its model were there. */
    Preset preset;
    int presetIndex = -1;
    std::array<CornerSound, 4> corners;
    std::vector<float> path;
    std::optional<Tuning> tuning;
    Controllers controllers = noControllers();
    /** The parameter that waits for a controller, -1 for none. */
    int learning = -1;

    /** What a session holds beside all this, given back as it was found. */
    Json otherValues = Json::object(), others = Json::object(), keptObjects = Json::object();
    /** The missing model's name, and its bundle where the session carried one that could not be used. */
    std::string modelName;
    std::vector<std::uint8_t> carried;
    bool embeds = false;
    /** A state that could not be read, kept byte for byte until another sound is chosen; empty otherwise. */
    std::string unread;
    /** A session whose model is missing while another model plays: kept until its model comes or another sound is chosen. */
    std::optional<Session> waiting;
    /** The state was replaced from outside the message thread: everything is to be said again. */
    bool repeat = false;

    double sampleRate = 0;
    /** The slot of the core that the newest model entered, the number of its decoder, and what keeps the models in both slots alive. */
    int slot = 1, numbers = 0;
    std::array<std::shared_ptr<const LoadedModel>, 2> inSlots;

    InstrumentHost* host = nullptr;
    std::vector<std::pair<int, std::shared_ptr<Listener>>> listeners;
    int subscriptions = 0;
    std::vector<Json> said;
    std::vector<std::function<void (InstrumentHost&)>> forHost;
    /** Messages and errors that hold until they are replaced, for a face that comes later. */
    std::map<std::string, Json> standing, lastNotices;
    /** Values as the faces know them. */
    ParameterValues::Table echoed = ParameterValues::defaults();
    /** What a face keeps as long as the instrument lives. */
    Json sessionKeep;

    std::unique_ptr<ModelLoading> loading;
    int pollsUntilLook = 0;
    std::string folderSeen;

    std::unique_ptr<Scope> scope;
    bool wave = false, rests = false;
    std::int64_t busyBefore = 0;
    std::chrono::steady_clock::time_point measuredAt;
};
} // namespace timbrefold
