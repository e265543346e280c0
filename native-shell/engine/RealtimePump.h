// The realtime pump: hands arrived frames to the core, renders, and sends what the core asks for. The twin of plugin/engine/audio-pump.ts.
#pragma once

#include "Core.h"
#include "DecoderLink.h"

#include <vector>

namespace timbrefold
{
class RealtimePump
{
public:
    /** Joins the two, which must outlive the pump; the core has been prepared without strict mode. Not on the audio thread. */
    RealtimePump (Core& core, DecoderLink& link);

    /**
     * A block of the host of `frames` samples begins. Then, in any number of calls, `process` renders `frames` samples (any number) into `left` and `right`.
     * Queue events by `Core::event` before. Looks at the rings at the beginning of a block and again after every `longestTurn` samples. Never blocks, allocates or
     * makes a system call. Audio thread.
     */
    void begin (int frames) noexcept;
    /** False where all of it is silence. */
    bool process (float* left, float* right, int frames) noexcept;

private:
    /** Samples rendered between two looks at the rings, so that a long block asks in time for what its end needs. */
    static constexpr int longestTurn = 512;
    /** Frames handed over for each turn of a block, at most: a burst (a filled attack cache) is spread so that no block pays for all of it. */
    static constexpr int framesPerTurn = 128;

    void receive (int turns) noexcept;
    void send() noexcept;

    Core& core;
    DecoderLink& link;
    std::vector<float> rows, frames;
    /** Rows taken from the core for which the ring had no room yet, packed at the beginning of `rows`, and how far they lie apart. */
    int waiting = 0;
    int stride = 0;
    int untilExchange = 0;
    /** Turns whose frames the next look takes: at the beginning of a block all of its own, since what it needs may lie behind what it does not. */
    int turnsToReceive = 1;
};
} // namespace timbrefold
