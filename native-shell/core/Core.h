// The core's one door in native code: the twin of plugin/engine/core.ts over the C that wasm2c makes of core.wasm.
#pragma once

#include "CoreModel.h"
#include "generated/protocol.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace timbrefold
{
/**
 * One instance of the core, with 25 MB of memory of its own; any number may live in one process. Same names and units as in TypeScript, and the same bytes.
 *
 * Nothing here locks: one thread at a time. "Audio thread" marks what never allocates, locks, waits or makes a system call; the rest belongs to the message
 * thread while the audio thread is not in here.
 *
 * Should the core trap (it must not), this instance falls silent and says so by `trap()`; the thread, the process and other instances go on. `prepare` then
 * begins with a new instance, which has to be given its model and sound again.
 */
class Core
{
public:
    struct Options
    {
        std::uint32_t seed = 1;
        /** Offline: `process` stops where a voice lacks a frame. */
        bool strict = false;
    };

    /** @throws std::runtime_error where there is no memory for it or the core speaks another protocol. Message thread. */
    Core();
    ~Core();
    Core (const Core&) = delete;
    Core& operator= (const Core&) = delete;

    /** Takes the sample rate (22,050..192,000 Hz), seeds all randomness, silences everything. Message thread. @throws std::invalid_argument */
    void prepare (float sampleRate, Options options);
    void prepare (float sampleRate) { prepare (sampleRate, Options {}); }

    /** Silences all voices and clears queued events and requests; parameters, model and sound stay. Audio thread. */
    void reset() noexcept;

    /** Hands over a model into slot 0 or 1; new notes use it, sounding ones end on the model they began with. Message thread or between blocks. @throws std::invalid_argument */
    void setModel (const CoreModel& model, int slot = 0);

    /** The sound at rest: a latent (latentDim floats) and the place on the map where it is heard unchanged. Message thread or between blocks. @throws std::invalid_argument */
    void setSound (std::span<const float> latent, float mapX, float mapY);

    /** Latent of a corner of the morph pad: 0 A (0,0), 1 B (1,0), 2 C (0,1), 3 D (1,1). Message thread or between blocks. @throws std::invalid_argument */
    void setCorner (int corner, std::span<const float> latent);

    /**
     * The pitch of each of the protocol::tuningKeys keys as a MIDI note with its fraction (A4 = 69); nothing: every key its own number. A key whose note is not
     * finite, or left out at the end, does not sound. Sounding notes keep their pitch; prepare, reset and setModel keep the tuning. Audio thread.
     */
    void setTuning (std::span<const float> notes = {}) noexcept;

    /**
     * The path that moves the place on the map (docs/contracts.md): x and y of each point in turn, 0..1, evenly spaced over the loop; nothing takes the path
     * away. prepare, reset and setModel keep it. False, and the path stays, for more than protocol::maxPathPoints points, half a point or a number that is not
     * finite. Audio thread.
     */
    bool setPath (std::span<const float> coordinates) noexcept;

    /** Seeds what is random in notes that begin from now on, as `prepare` does. Audio thread. */
    void setSeed (std::uint32_t seed) noexcept;

    /** Queues an event (protocol::event) `offset` samples into the coming frames; false when the queue is full or after a trap. Audio thread. */
    bool event (int offset, int kind, int channel, int key, float value) noexcept;

    /**
     * Says that a block of `frames` samples begins for the host, in however many calls of `process` it is rendered: in real time a block of more than two hops
     * has frames asked for earlier, as none can come before its end. Without it, and in strict mode, they are asked for lookaheadHops ahead. Audio thread.
     */
    void announceBlock (int frames) noexcept;

    /**
     * Renders up to maxBlock frames into `left` and `right` and says how many. Fewer than asked only in strict mode, when a voice waits for frames: answer
     * the requests, then call again for the rest (event offsets count from the current position). After a trap: silence, as many as asked. Audio thread.
     */
    int process (int frames) noexcept;

    /** How many samples of the output, from its beginning, are silence. Audio thread. */
    int silentSamples() const noexcept;

    /** Output of the last `process`, maxBlock floats each. Audio thread. */
    const float* left() const noexcept;
    const float* right() const noexcept;

    /** Rows now waiting; read them by `takeRequests`. Audio thread. */
    int requestCount() const noexcept;

    /** Floats of one request row as takeRequests writes it: wide enough for the models of both slots. */
    int rowSize() const noexcept;

    /** Floats of one delivered frame, unless deliver() is told otherwise: long enough for the models of both slots. */
    int deliverySize() const noexcept;

    /** Moves the first waiting rows, up to `limit`, to `into`, each `size` floats (rowSize); says how many. Others stay. Audio thread. */
    int takeRequests (float* into, int limit, int size) noexcept;

    /**
     * Hands over `count` frames found at `from`, each `size` floats (deliverySize): header and payload. Frames that nobody waits for any more are dropped;
     * levels that are not finite become floorDb, other columns 0. Audio thread.
     */
    void deliver (const float* from, int count, int size) noexcept;

    int hopSize() const noexcept;
    int fftSize() const noexcept;
    int activeVoices() const noexcept;

    /** Frames that came too late, and notes that had to wait for their first one, since `prepare`. Audio thread. */
    int underruns() const noexcept;

    /** Voices ended for a sample that was not finite since `prepare`; 0 unless something is broken. Audio thread. */
    int faults() const noexcept;

    /** A copy of the latent that a note played now would start from. Message thread or between blocks. */
    std::vector<float> latent() const;

    /** maxVoices x protocol::voiceReport floats: the sounding voices first, in no lasting order; refreshed by the call. Audio thread. */
    std::span<const float> voiceReport() noexcept;

    /** Where a real FFT of `size` points (256 to 8192, a power of two) takes its input. Whoever plays nothing on this instance. */
    std::span<float> fftBuffer (std::size_t size) noexcept;

    /** Transforms the buffer; re and im of bins 0..size / 2 one after the other, unscaled. Empty for another size. */
    std::span<const float> fftForward (std::size_t size) noexcept;

    /** Why the core stopped, as a sentence; null while it is well. Any thread; real-time safe. */
    const char* trap() const noexcept;

private:
    struct Instance;

    void instantiate();
    void putLatent (std::span<const float> latent);
    float* at (std::uint32_t pointer) const noexcept;
    template <typename Result, typename Body>
    Result guarded (Result afterTrap, Body body) const noexcept;
    template <typename Body>
    void perform (Body body) noexcept;

    std::unique_ptr<Instance> instance;
    /** The reason of the first trap (a wasm_rt_trap_t), 0 while there was none. */
    mutable std::atomic<int> trapped { 0 };
    float* staging = nullptr;
    const float* requests = nullptr;
    const float* leftOut = nullptr;
    const float* rightOut = nullptr;
    const float* report = nullptr;
    int latentDim = 0;
    std::array<int, 2> latentDims {};
    std::array<int, 2> frameSizes {};
};
} // namespace timbrefold
