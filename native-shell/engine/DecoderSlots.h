// Which decoder answers the rows of a model slot. A slot's new model counts from the moment at which the audio thread gives it to the core, neither sooner nor later.
#pragma once

#include "Decoder.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace timbrefold
{
class DecoderSlots
{
public:
    /** Makes a decoder ready under a number that is new for the slot. Message thread. */
    void offer (int slot, int number, std::shared_ptr<Decoder> decoder)
    {
        const std::lock_guard lock (mutex);
        offers[at (slot)].push_back ({ number, std::move (decoder) });
    }

    /** Takes back an offer that the audio thread never saw. Message thread. */
    void withdraw (int slot, int number)
    {
        const std::lock_guard lock (mutex);
        std::erase_if (offers[at (slot)], [number] (const Offer& offer) { return offer.number == number; });
    }

    /** From now on the core plays the slot's model of that number. Audio thread. */
    void play (int slot, int number) noexcept { playing[at (slot)].store (number, std::memory_order_release); }

    /**
     * The decoder of the model now in a slot, null where there is none. The decoder thread, or whoever renders offline: it may lock, and closes what is out
     * of date. Ask after rows have been taken: rows that are older name notes that have gone, so that their frames are not waited for.
     */
    std::shared_ptr<Decoder> decoderOf (int slot)
    {
        if (slot != 0 && slot != 1)
            return nullptr;
        const int number = playing[at (slot)].load (std::memory_order_acquire);
        const std::lock_guard lock (mutex);
        auto& all = offers[at (slot)];
        std::erase_if (all, [number] (const Offer& offer) { return offer.number < number; });
        return all.empty() || all.front().number != number ? nullptr : all.front().decoder;
    }

private:
    struct Offer
    {
        int number;
        std::shared_ptr<Decoder> decoder;
    };

    static std::size_t at (int slot) noexcept { return static_cast<std::size_t> (slot); }

    std::mutex mutex;
    /** In the order of their numbers. */
    std::array<std::vector<Offer>, 2> offers;
    std::array<std::atomic<int>, 2> playing { 0, 0 };
};
} // namespace timbrefold
