// The decoder thread's loop: takes rows, decodes them in batches, sends frames back. Sounding voices come before the attack cache. The twin of plugin/engine/decoder-loop.ts, which
// is woken by rows; here a thread looks for them.
#pragma once

#include "DecoderLink.h"
#include "DecoderSlots.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace timbrefold
{
class DecoderLoop
{
public:
    /** Joins the two, which must outlive the loop. `run` calls `look`, where there is one, four times a second: a thread that is awake anyway can look after other things. */
    DecoderLoop (DecoderLink& link, DecoderSlots& slots, std::function<void()> look = {});

    /** Runs until `stop`. It looks for rows instead of being woken, so that the audio thread makes no system call. Decoder thread. */
    void run();

    /** Ends `run` soon. Any thread. */
    void stop() noexcept { stopped.store (true, std::memory_order_relaxed); }

    /** Takes what has come and decodes one batch of it; says how many rows were answered or dropped. Decoder thread. */
    int turn();

    /** Batches that failed since the beginning; their rows stay unanswered and count as late. Any thread. */
    int failures() const noexcept { return failed.load (std::memory_order_relaxed); }

    /** Nanoseconds spent decoding since the beginning, and rows that wait. Any thread. */
    std::int64_t busyNs() const noexcept { return busy.load (std::memory_order_relaxed); }
    int waiting() const noexcept { return backlog.load (std::memory_order_relaxed); }

private:
    /** Rows decoded in one go for sounding voices; the attack cache fills up a smaller batch, since a sounding voice may ask meanwhile. */
    static constexpr int voiceBatch = 64;
    static constexpr int cacheBatch = 32;
    /** Rows of each priority kept waiting. */
    static constexpr std::size_t backlogRows = 4096;

    using Row = std::array<float, rowRecord>;

    void collect();
    void send (const Decoder& decoder, int count);

    DecoderLink& link;
    DecoderSlots& slots;
    const std::function<void()> look;
    /** Rows of sounding voices, and of the attack cache. */
    std::array<std::deque<Row>, 2> backlogs;
    std::vector<float> incoming, batch, frames;
    std::atomic<bool> stopped { false };
    std::atomic<int> failed { 0 };
    std::atomic<std::int64_t> busy { 0 };
    std::atomic<int> backlog { 0 };
};
} // namespace timbrefold
