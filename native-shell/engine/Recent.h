// The newest samples of the output, for display: the audio thread writes round and round, a face copies the end of it.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <span>

namespace timbrefold
{
class Recent
{
public:
    /** Appends a sample. Audio thread. */
    void push (float sample) noexcept
    {
        const auto at = written.load (std::memory_order_relaxed);
        samples[at % size].store (sample, std::memory_order_relaxed);
        written.store (at + 1, std::memory_order_release);
    }

    /** Copies the newest samples, at most `size` of them, the oldest first. A sample overwritten meanwhile shows as a newer one. One other thread. */
    void copy (std::span<float> into) const noexcept
    {
        const auto end = written.load (std::memory_order_acquire);
        for (std::size_t i = 0; i < into.size(); i++)
            into[i] = samples[(end - into.size() + i) % size].load (std::memory_order_relaxed);
    }

    static constexpr std::size_t size = 16'384;

private:
    std::array<std::atomic<float>, size> samples {};
    std::atomic<std::size_t> written { 0 };
};
} // namespace timbrefold
