// The Decoder port over ONNX Runtime: one thread, in order, so that results do not depend on scheduling. The twin of plugin/model/onnx-decoder.ts.
#pragma once

#include "Bundle.h"
#include "Decoder.h"

#include <memory>

namespace timbrefold
{
/** Opens the decoder of a bundle and tries it on typical rows. Never on the audio thread. @throws BundleError where the graph is not what the contract says, fails, or gives numbers that are not finite */
std::unique_ptr<Decoder> openDecoder (const Bundle& bundle);
} // namespace timbrefold
