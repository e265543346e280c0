// A ring of float records between two threads: one producer, one consumer, no locks, nothing allocated after construction. The twin of plugin/engine/ring.ts.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace timbrefold
{
class Ring
{
public:
    /** `capacity` records (a power of two) of `recordSize` floats. Not on the audio thread. @throws std::invalid_argument */
    Ring (std::size_t capacity, std::size_t recordSize) : slots (capacity), floats (recordSize), records (capacity * recordSize)
    {
        if (! std::has_single_bit (capacity))
            throw std::invalid_argument ("A ring's capacity is a power of two.");
    }

    std::size_t capacity() const noexcept { return slots; }
    std::size_t recordSize() const noexcept { return floats; }

    /** Records that may be pushed now. Producer only. */
    std::size_t writable() const noexcept { return slots - (written.load (std::memory_order_relaxed) - read.load (std::memory_order_acquire)); }

    /** Records waiting. Consumer only. */
    std::size_t readable() const noexcept { return written.load (std::memory_order_acquire) - read.load (std::memory_order_relaxed); }

    /**
     * Appends up to `count` records of `stride` floats (at most recordSize) found one after the other at `from`; says how many found room. Never waits.
     * Producer only; audio thread.
     */
    std::size_t push (const float* from, std::size_t count, std::size_t stride) noexcept
    {
        const auto now = std::min (count, writable());
        const auto begin = written.load (std::memory_order_relaxed);
        for (std::size_t i = 0; i < now; i++)
            std::copy_n (from + i * stride, std::min (stride, floats), slot (begin + i));
        // The store publishes the records: whoever sees the counter sees them.
        written.store (begin + now, std::memory_order_release);
        return now;
    }

    /** Moves up to `limit` records, `stride` floats of each (at most recordSize), to `into`; says how many. Never waits. Consumer only; audio thread. */
    std::size_t pull (float* into, std::size_t limit, std::size_t stride) noexcept
    {
        const auto now = std::min (limit, readable());
        const auto begin = read.load (std::memory_order_relaxed);
        for (std::size_t i = 0; i < now; i++)
            std::copy_n (slot (begin + i), std::min (stride, floats), into + i * stride);
        read.store (begin + now, std::memory_order_release);
        return now;
    }

private:
    float* slot (std::size_t record) noexcept { return records.data() + (record & (slots - 1)) * floats; }

    static constexpr std::size_t cacheLine = 64;
    const std::size_t slots, floats;
    std::vector<float> records;
    /** Records written and read since the beginning; each is stored by its owner only and lies in a cache line of its own. */
    alignas (cacheLine) std::atomic<std::size_t> written { 0 };
    alignas (cacheLine) std::atomic<std::size_t> read { 0 };
};
} // namespace timbrefold
