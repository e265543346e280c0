// Audio thread throughout.
#include "RealtimePump.h"

#include <algorithm>
#include <utility>

namespace timbrefold
{
RealtimePump::RealtimePump (Core& itsCore, DecoderLink& itsLink)
    : core (itsCore), link (itsLink), rows (static_cast<std::size_t> (protocol::maxRequests * rowRecord)), frames (static_cast<std::size_t> (framesPerTurn * frameRecord))
{
}

void RealtimePump::begin (int count) noexcept
{
    core.announceBlock (count);
    untilExchange = 0;
    turnsToReceive = std::max (1, count / longestTurn);
}

bool RealtimePump::process (float* left, float* right, int count) noexcept
{
    bool sounds = false;
    for (int done = 0; done < count;)
    {
        if (untilExchange == 0)
        {
            receive (std::exchange (turnsToReceive, 1));
            untilExchange = longestTurn;
        }
        const int made = core.process (std::min (untilExchange, count - done));
        if (core.silentSamples() >= made)
        {
            std::fill_n (left + done, made, 0.0f);
            std::fill_n (right + done, made, 0.0f);
        }
        else
        {
            std::copy_n (core.left(), made, left + done);
            std::copy_n (core.right(), made, right + done);
            sounds = true;
        }
        done += made;
        untilExchange -= made;
        if (untilExchange == 0 || done == count)
            send();
    }
    return sounds;
}

void RealtimePump::receive (int turns) noexcept
{
    const int size = core.deliverySize();
    for (int turn = 0; turn < turns; turn++)
    {
        const auto arrived = link.frames.pull (frames.data(), framesPerTurn, static_cast<std::size_t> (size));
        if (arrived == 0)
            return;
        core.deliver (frames.data(), static_cast<int> (arrived), size);
    }
}

void RealtimePump::send() noexcept
{
    if (const int size = core.rowSize(); size != stride)
    {
        // A model of another size was loaded: the rows still here lie too close or too far apart, and the core asks anew for what it misses.
        stride = size;
        waiting = 0;
    }
    waiting += core.takeRequests (rows.data() + waiting * stride, protocol::maxRequests - waiting, stride);
    const int sent = static_cast<int> (link.rows.push (rows.data(), static_cast<std::size_t> (waiting), static_cast<std::size_t> (stride)));
    std::copy (rows.begin() + sent * stride, rows.begin() + waiting * stride, rows.begin());
    waiting -= sent;
}
} // namespace timbrefold
