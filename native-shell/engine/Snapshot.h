// The newest of a series of values, from one thread to another, without either waiting: three buffers of which each side holds one and the third goes to and fro.
#pragma once

#include <array>
#include <atomic>

namespace timbrefold
{
template <typename Value>
class Snapshot
{
public:
    /** The value to be filled in next. Writer only; real-time safe. */
    Value& next() noexcept { return buffers[writing]; }

    /** Hands the filled one over and takes another to be filled. Writer only; real-time safe. */
    void publish() noexcept { writing = between.exchange (writing | fresh, std::memory_order_acq_rel) & place; }

    /** The newest value if there is one that was not read before, otherwise null; stays as it is until the next call. Reader only; real-time safe. */
    const Value* read() noexcept
    {
        if ((between.load (std::memory_order_relaxed) & fresh) == 0)
            return nullptr;
        reading = between.exchange (reading, std::memory_order_acq_rel) & place;
        return &buffers[reading];
    }

private:
    static constexpr unsigned place = 3, fresh = 4;

    std::array<Value, 3> buffers {};
    unsigned writing = 0, reading = 1;
    std::atomic<unsigned> between { 2 };
};
} // namespace timbrefold
