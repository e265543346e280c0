// Decoder thread, save where the header says otherwise.
#include "DecoderLoop.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace timbrefold
{
namespace
{
using namespace std::chrono_literals;

constexpr int rowsPerLook = 256;
/** Between two looks while rows come, and when none has come for a while: the look-ahead is four hops, 21 ms at 48 kHz. */
constexpr auto busyPause = 1ms;
constexpr auto idlePause = 4ms;
constexpr int looksUntilIdle = 500;
} // namespace

DecoderLoop::DecoderLoop (DecoderLink& itsLink, Decoder& itsDecoder)
    : link (itsLink), decoder (itsDecoder), incoming (rowsPerLook * rowRecord), batch (voiceBatch * rowRecord), frames (voiceBatch * frameRecord)
{
}

void DecoderLoop::run()
{
    for (int quiet = 0; ! stopped.load (std::memory_order_relaxed);)
    {
        if (turn() > 0)
            quiet = 0;
        else
            std::this_thread::sleep_for (++quiet > looksUntilIdle ? idlePause : busyPause);
    }
}

void DecoderLoop::collect()
{
    while (const auto came = link.rows.pull (incoming.data(), rowsPerLook, rowRecord))
        for (std::size_t i = 0; i < came; i++)
        {
            Row row;
            std::copy_n (incoming.begin() + static_cast<std::ptrdiff_t> (i * rowRecord), rowRecord, row.begin());
            auto& backlog = backlogs[row[protocol::row::priority] > 0 ? 1 : 0];
            // More than the core ever has under way: only the oldest can be out of date, so it makes room.
            if (backlog.size() == backlogRows)
                backlog.pop_front();
            backlog.push_back (row);
        }
}

int DecoderLoop::turn()
{
    collect();
    const bool urgent = ! backlogs[0].empty();
    auto& backlog = backlogs[urgent ? 0 : 1];
    const int count = std::min (urgent ? voiceBatch : cacheBatch, static_cast<int> (backlog.size()));
    if (count == 0)
        return 0;
    const int rowSize = protocol::rowHeader + decoder.latentDim();
    for (int i = 0; i < count; i++)
    {
        std::copy_n (backlog.front().begin(), rowSize, batch.begin() + i * rowSize);
        backlog.pop_front();
    }
    try
    {
        decoder.decode (batch.data(), count, frames.data());
    }
    catch (const std::exception&)
    {
        failed.fetch_add (1, std::memory_order_relaxed);
        return count;
    }
    const auto frameSize = static_cast<std::size_t> (protocol::frameHeader + decoder.frameSize());
    for (std::size_t sent = 0; sent < static_cast<std::size_t> (count) && ! stopped.load (std::memory_order_relaxed);)
    {
        const auto pushed = link.frames.push (frames.data() + sent * frameSize, static_cast<std::size_t> (count) - sent, frameSize);
        sent += pushed;
        // A full ring means that the host has stopped calling: wait for it rather than lose frames.
        if (pushed == 0)
            std::this_thread::sleep_for (idlePause);
    }
    return count;
}
} // namespace timbrefold
