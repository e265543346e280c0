// Rows are answered when a voice cannot go on without them, so that a decoder call carries as many as possible.
#include "OfflinePump.h"

#include <algorithm>
#include <stdexcept>

namespace timbrefold
{
OfflinePump::OfflinePump (Core& itsCore, DecoderSlots& itsSlots) : core (itsCore), slots (itsSlots) {}

void OfflinePump::process (float* left, float* right, int count)
{
    for (int done = 0; done < count;)
    {
        const int asked = std::min (protocol::maxBlock, count - done);
        const int made = core.process (asked);
        std::copy_n (core.left(), made, left + done);
        std::copy_n (core.right(), made, right + done);
        done += made;
        if (made < asked || core.requestCount() > protocol::maxRequests / 2)
            if (! answer() && made == 0)
                throw std::runtime_error ("The core waits for a frame that it has not asked for; please report this as a bug.");
    }
}

/** Answers all rows, those of one model after those of the other; false where there was none. */
bool OfflinePump::answer()
{
    const auto stride = static_cast<std::size_t> (core.rowSize());
    rows.resize (protocol::maxRequests * stride);
    const int count = core.takeRequests (rows.data(), protocol::maxRequests, core.rowSize());
    for (int slot : { 0, 1 })
    {
        batch.clear();
        int taken = 0;
        std::shared_ptr<Decoder> decoder;
        for (int i = 0; i < count; i++)
        {
            const float* row = rows.data() + static_cast<std::size_t> (i) * stride;
            if (row[protocol::row::slot] != static_cast<float> (slot))
                continue;
            if (decoder == nullptr && (decoder = slots.decoderOf (slot)) == nullptr)
                throw std::runtime_error ("A note belongs to a model that is not there; please report this as a bug.");
            batch.insert (batch.end(), row, row + protocol::rowHeader + decoder->latentDim());
            taken++;
        }
        if (taken == 0)
            continue;
        frames.resize (static_cast<std::size_t> (taken * (protocol::frameHeader + decoder->frameSize())));
        decoder->decode (batch.data(), taken, frames.data());
        core.deliver (frames.data(), taken, protocol::frameHeader + decoder->frameSize());
    }
    return count > 0;
}
} // namespace timbrefold
