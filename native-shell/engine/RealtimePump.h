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
     * Renders `frames` samples (any number) into `left` and `right`. Queue events by `Core::event` before. Looks at the rings at the beginning of a block, which
     * the caller marks by `begin`, and again after every `longestTurn` samples. Never blocks, allocates or makes a system call. Audio thread.
     */
    void begin() noexcept { untilExchange = 0; }
    void process (float* left, float* right, int frames) noexcept;

private:
    /** Frames handed over at a time, at most: a burst (a filled attack cache) is spread so that no block pays for all of it. */
    static constexpr int framesPerTurn = 128;
    /** Samples rendered between two looks at the rings, so that a long block asks in time for what its end needs. */
    static constexpr int longestTurn = 512;

    void receive() noexcept;
    void send() noexcept;

    Core& core;
    DecoderLink& link;
    std::vector<float> rows, frames;
    /** Rows taken from the core for which the ring had no room yet, packed at the beginning of `rows`, and how far they lie apart. */
    int waiting = 0;
    int stride = 0;
    int untilExchange = 0;
};
} // namespace timbrefold
