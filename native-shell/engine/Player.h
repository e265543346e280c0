// The audio thread's side of an instrument: events in, audio out, around the core.
#pragma once

#include "Change.h"
#include "Core.h"
#include "DecoderThread.h"
#include "OfflinePump.h"
#include "ParameterValues.h"
#include "RealtimePump.h"
#include "Recent.h"
#include "Ring.h"
#include "Snapshot.h"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace timbrefold
{
/** What faces show of a player, about 30 times a second. */
struct Meters
{
    /** Linear, since the meters before. */
    float peakLeft = 0, peakRight = 0;
    int underruns = 0;
    std::array<float, protocol::maxVoices * protocol::voiceReport> voices {};
};

/** What happened on the audio thread that the message thread wants to know. */
struct PlayerNote
{
    enum Kind
    {
        /** `number` is the key. */
        keyDown,
        keyUp,
        /** `number` is the program that MIDI chose. */
        program,
        /** `number` is the controller that now moves `parameter`. */
        learned
    };
    Kind kind;
    int number, parameter;
};

/**
 * Parameters that the host moved between two blocks go to their new value over the length of the block, in steps of the core's control interval: hosts say one
 * value a block and mean a line. Choices and whole numbers step at the block's beginning.
 */
class Player
{
public:
    /** `values` outlive the player. While it plays in real time, its decoder thread calls `look` four times a second. */
    explicit Player (ParameterValues& values, std::function<void()> look = {});
    ~Player();
    Player (const Player&) = delete;
    Player& operator= (const Player&) = delete;

    // ---- Message thread ----

    /**
     * Joins core and decoder anew; what was submitted last has to be submitted again, all of it. False at a sample rate that the core does not play: the player
     * is then silent. Not while the audio thread is in here.
     */
    bool prepare (double sampleRate, bool offline);

    /** Ends the decoder thread. Not while the audio thread is in here. */
    void release();

    /** Takes back a change that the audio thread has not taken; null where it has. The next one has to say what that one would have said. */
    std::unique_ptr<Change> withdraw();

    /** Hands over what is to sound from the next block on; withdraw first. */
    void submit (std::unique_ptr<Change> change);

    /** Takes what was submitted at once, so that no block has to. Not while the audio thread is in here. */
    void settle() noexcept { takeChange(); }

    /** Destroys changes that have been used. */
    void collect();

    DecoderSlots& decoders() noexcept { return slots; }

    /** An event of a face, heard from the next block on; dropped when a thousand of them wait. */
    void play (int kind, int channel, int key, float value) noexcept;

    /** The newest meters if there are any that were not read, otherwise null. */
    const Meters* meters() noexcept { return snapshot.read(); }
    const Recent& recent() const noexcept { return output; }
    /** Whether `recent` is kept up to date. */
    void record (bool on) noexcept { recording.store (on, std::memory_order_relaxed); }
    /** The next note about the audio thread; false where there is none. */
    bool take (PlayerNote& note) noexcept;

    /** Whether `take` or `collect` have something to do. */
    bool hasNews() const noexcept { return notes.readable() > 0 || used.load (std::memory_order_relaxed) != nullptr; }

    /** Decoder's work since the last `prepare`, nanoseconds, and rows that wait; 0 offline. */
    std::int64_t decoderBusyNs() const noexcept { return live ? live->thread.loop.busyNs() : 0; }
    int decoderWaiting() const noexcept { return live ? live->thread.loop.waiting() : 0; }
    const char* trap() const noexcept { return core.trap(); }

    // ---- MIDI learn; any thread ----

    /** Lets a controller move a parameter, -1 for none; only from where the parameter stands, so that it never jumps. */
    void map (int controller, int parameter) noexcept { mapping[static_cast<std::size_t> (controller)].store (parameter, std::memory_order_relaxed); }
    /** The next controller that moves is noted as the parameter's; -1 ends the waiting. */
    void learn (int parameter) noexcept { learning.store (parameter, std::memory_order_relaxed); }

    // ---- Audio thread: begin, any number of events in the order of their samples, end ----

    /** Begins a block of `frames` samples (any number), rendered into `left` and `right`; `right` null for one channel. */
    void begin (float* left, float* right, int frames) noexcept;

    /** A MIDI message of one to three bytes at a sample of the block. */
    void midi (int at, std::uint8_t status, std::uint8_t data1, std::uint8_t data2) noexcept;

    /** Where the host's song stands: tempo, and place in quarter notes where it plays. */
    void transport (double beatsPerMinute, bool playing, double quarters) noexcept;

    /** Renders what is left of the block. */
    void end() noexcept;

    /** Silences everything at once. */
    void reset() noexcept;

    /** Frames that came too late, and notes that had to wait for their first one, since `prepare`. */
    int underruns() const noexcept { return core.underruns(); }

    bool prepared() const noexcept { return offline || live; }
    bool rendersOffline() const noexcept { return offline.has_value(); }

private:
    struct Live
    {
        Live (Core& core, DecoderSlots& slots, const std::function<void()>& look) : thread (slots, look), pump (core, thread.link) {}

        DecoderThread thread;
        RealtimePump pump;
    };

    /** Where a controller stands against the parameter it moves. */
    struct Grip
    {
        float controller = -1, parameter = -1;
        bool holds = false;
    };

    /** A parameter on its way to a new value over a block; normalised. */
    struct Ramp
    {
        std::size_t index;
        float from, to;
    };

    void takeChange() noexcept;
    void apply (const Change& change) noexcept;
    void jump (const ParameterValues::Table& table, int at) noexcept;
    void followValues() noexcept;
    void takePlayed() noexcept;
    void stepRamps (int until) noexcept;
    void event (int at, int kind, int channel, int key, float value) noexcept;
    void controller (int at, int channel, int number, float value) noexcept;
    bool takesOver (std::size_t number, std::size_t parameter, float value) noexcept;
    void selectProgram (int at, int index) noexcept;
    void renderTo (int end) noexcept;
    void render (int count) noexcept;
    void note (PlayerNote::Kind kind, int number, int parameter = 0) noexcept;
    void measure() noexcept;

    ParameterValues& values;
    const std::function<void()> look;
    Core core;
    DecoderSlots slots;
    /** How the core gets its frames: decoded where they are wanted when rendering offline, by a thread otherwise. Both are absent while nothing is prepared. */
    std::optional<OfflinePump> offline;
    std::optional<Live> live;
    float rate = 48'000;

    /** The newest change that has not been taken, and those that have been used, newest first. */
    std::atomic<Change*> inbox { nullptr };
    std::atomic<Change*> used { nullptr };
    /** The model that plays; whoever submitted it keeps it until another has been taken. */
    const LoadedModel* current = nullptr;

    /** Events of faces: kind, channel, key, value. Notes to the message thread: kind, number, parameter. */
    Ring played { 1024, 4 };
    Ring notes { 4096, 3 };
    Snapshot<Meters> snapshot;
    Recent output;
    std::atomic<bool> recording { false };

    std::array<std::atomic<int>, 128> mapping;
    std::atomic<int> learning { -1 };
    std::array<Grip, 128> grips {};

    /** Plain values that the core has. */
    ParameterValues::Table sent;
    std::array<Ramp, parameters.size()> ramps;
    std::size_t ramping = 0;

    /** The block in hand. */
    float* left = nullptr;
    float* right = nullptr;
    int frames = 0, position = 0;
    /** Events queued since the last rendering. */
    int queued = 0;
    /** Events were lost for want of room: notes may hang, and are ended. */
    bool overflowed = false;
    float peakLeft = 0, peakRight = 0;
    int untilMeters = 0;
    float tempo = 0;
    std::vector<float> spare;
};
} // namespace timbrefold
