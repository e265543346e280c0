// The Decoder port over ONNX Runtime: one thread, in order, so that results do not depend on scheduling. The twin of plugin/model/onnx-decoder.ts.
#pragma once

#include "Bundle.h"
#include "Decoder.h"

#include <memory>

namespace timbrefold
{
/** The weights of a bundle's decoder, opened once and shared: any number of decoders on any number of threads run on it at the same time. */
class DecoderSession
{
public:
    virtual ~DecoderSession() = default;

    /** A decoder with buffers of its own, which keeps the session alive. Never on the audio thread. */
    static std::unique_ptr<Decoder> decoderOf (std::shared_ptr<const DecoderSession> session);
};

/** Opens the decoder of a bundle and tries it on typical rows. Never on the audio thread. @throws BundleError where the graph is not what the contract says, fails, or gives numbers that are not finite */
std::shared_ptr<const DecoderSession> openSession (const Bundle& bundle);

/** The same, for one who does not share it. */
inline std::unique_ptr<Decoder> openDecoder (const Bundle& bundle)
{
    return DecoderSession::decoderOf (openSession (bundle));
}
} // namespace timbrefold
