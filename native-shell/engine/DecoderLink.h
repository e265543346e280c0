// How rows travel from the audio thread to the decoder thread and frames back: two rings. The twin of plugin/engine/ring-link.ts.
#pragma once

#include "Ring.h"
#include "generated/protocol.h"

namespace timbrefold
{
/** Floats of a row and of a frame on the way, whatever the model: the link outlives a change of model. */
inline constexpr int rowRecord = protocol::rowHeader + protocol::maxLatent;
inline constexpr int frameRecord = protocol::frameHeader + protocol::maxFrame;

/** Records of each ring: more than 32 voices ask for within the longest look-ahead beside an attack cache. */
inline constexpr int linkRecords = 1024;

/** Both rings; the audio thread pushes rows and pulls frames, the decoder thread the other way round. */
struct DecoderLink
{
    Ring rows { linkRecords, rowRecord };
    Ring frames { linkRecords, frameRecord };
};
} // namespace timbrefold
