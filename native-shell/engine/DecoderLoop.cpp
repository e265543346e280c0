// Decoder thread, save where the header says otherwise.
#include "DecoderLoop.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace timbrefold
{
namespace
{
using namespace std::chrono_literals;

constexpr int rowsPerLook = 256;
/**
 * Between two looks while rows come: a third of the look-ahead of four hops (21 ms at 48 kHz). A call of the model costs as much as a dozen rows, so that looking more
 * often, at rows that come one or two at a time, would cost several times as much.
 */
constexpr auto busyPause = 7ms;
/** When none has come for a while: a note that ends the quiet brings its first eight frames from the attack cache and has four hops for the ninth. */
constexpr auto idlePause = 20ms;
constexpr int looksUntilIdle = 100;
constexpr auto lookPause = 250ms;
} // namespace

DecoderLoop::DecoderLoop (DecoderLink& itsLink, DecoderSlots& itsSlots, std::function<void()> itsLook)
    : link (itsLink), slots (itsSlots), look (std::move (itsLook)), incoming (rowsPerLook * rowRecord), batch (voiceBatch * rowRecord), frames (voiceBatch * frameRecord)
{
}

void DecoderLoop::run()
{
    using Clock = std::chrono::steady_clock;
    auto lookedAt = Clock::now();
    for (int quiet = 0; ! stopped.load (std::memory_order_relaxed);)
    {
        if (turn() > 0)
            quiet = 0;
        else
            std::this_thread::sleep_for (++quiet > looksUntilIdle ? idlePause : busyPause);
        if (const auto now = Clock::now(); look && now - lookedAt >= lookPause)
        {
            look();
            lookedAt = now;
        }
    }
}

void DecoderLoop::collect()
{
    while (const auto came = link.rows.pull (incoming.data(), rowsPerLook, rowRecord))
        for (std::size_t i = 0; i < came; i++)
        {
            Row row;
            std::copy_n (incoming.begin() + static_cast<std::ptrdiff_t> (i * rowRecord), rowRecord, row.begin());
            auto& rows = backlogs[row[protocol::row::priority] > 0 ? 1 : 0];
            // More than the core ever has under way: only the oldest can be out of date, so it makes room.
            if (rows.size() == backlogRows)
                rows.pop_front();
            rows.push_back (row);
        }
}

int DecoderLoop::turn()
{
    collect();
    auto& [voices, cache] = backlogs;
    backlog.store (static_cast<int> (backlogs[0].size() + backlogs[1].size()), std::memory_order_relaxed);
    if (voices.empty() && cache.empty())
        return 0;
    const float slot = (voices.empty() ? cache : voices).front()[protocol::row::slot];
    const auto decoder = slots.decoderOf (static_cast<int> (slot));
    const int rowSize = protocol::rowHeader + (decoder == nullptr ? 0 : decoder->latentDim());
    int count = 0;
    const auto take = [&] (std::deque<Row>& rows, int limit)
    {
        for (; count < limit && ! rows.empty() && rows.front()[protocol::row::slot] == slot; count++)
        {
            std::copy_n (rows.front().begin(), rowSize, batch.begin() + count * rowSize);
            rows.pop_front();
        }
    };
    take (voices, voiceBatch);
    take (cache, cacheBatch);
    if (decoder == nullptr)
        return count;
    const auto began = std::chrono::steady_clock::now();
    try
    {
        decoder->decode (batch.data(), count, frames.data());
    }
    catch (const std::exception&)
    {
        failed.fetch_add (1, std::memory_order_relaxed);
        return count;
    }
    busy.fetch_add (std::chrono::nanoseconds (std::chrono::steady_clock::now() - began).count(), std::memory_order_relaxed);
    send (*decoder, count);
    return count;
}

void DecoderLoop::send (const Decoder& decoder, int count)
{
    const auto frameSize = static_cast<std::size_t> (protocol::frameHeader + decoder.frameSize());
    for (std::size_t sent = 0; sent < static_cast<std::size_t> (count) && ! stopped.load (std::memory_order_relaxed);)
    {
        const auto pushed = link.frames.push (frames.data() + sent * frameSize, static_cast<std::size_t> (count) - sent, frameSize);
        sent += pushed;
        // A full ring means that the host has stopped calling: wait for it rather than lose frames.
        if (pushed == 0)
            std::this_thread::sleep_for (idlePause);
    }
}
} // namespace timbrefold
