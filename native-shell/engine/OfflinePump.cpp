// Rows are answered when a voice cannot go on without them, so that a decoder call carries as many as possible.
#include "OfflinePump.h"

#include <algorithm>
#include <stdexcept>

namespace timbrefold
{
OfflinePump::OfflinePump (Core& itsCore, Decoder& itsDecoder)
    : core (itsCore), decoder (itsDecoder), rowSize (protocol::rowHeader + itsDecoder.latentDim()), deliverySize (protocol::frameHeader + itsDecoder.frameSize()),
      rows (static_cast<std::size_t> (protocol::maxRequests * rowSize)), frames (static_cast<std::size_t> (protocol::maxRequests * deliverySize))
{
}

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
            if (answer() == 0 && made == 0)
                throw std::runtime_error ("The core waits for a frame that it has not asked for; please report this as a bug.");
    }
}

int OfflinePump::answer()
{
    const int count = core.takeRequests (rows.data(), protocol::maxRequests, rowSize);
    if (count > 0)
    {
        decoder.decode (rows.data(), count, frames.data());
        core.deliver (frames.data(), count, deliverySize);
    }
    return count;
}
} // namespace timbrefold
