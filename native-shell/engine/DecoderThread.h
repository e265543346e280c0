// A decoder loop on a thread of its own, from its construction to its end.
#pragma once

#include "DecoderLoop.h"

#include <functional>
#include <thread>
#include <utility>

namespace timbrefold
{
/**
 * One for each instrument: sessions are shared, threads are not, so that instruments spread over the processor's cores and none waits behind another's
 * attack cache. At rest it looks for rows 50 times a second.
 */
class DecoderThread
{
public:
    /** `slots` must outlive it; `look` is called there four times a second. Not on the audio thread. */
    explicit DecoderThread (DecoderSlots& slots, std::function<void()> look = {}) : loop (link, slots, std::move (look)), thread ([this] { loop.run(); }) {}
    ~DecoderThread()
    {
        loop.stop();
        thread.join();
    }
    DecoderThread (const DecoderThread&) = delete;
    DecoderThread& operator= (const DecoderThread&) = delete;

    DecoderLink link;
    DecoderLoop loop;

private:
    std::thread thread;
};
} // namespace timbrefold
