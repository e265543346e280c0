// The offline pump: core in strict mode, every frame answered before it is heard. Complete, repeatable, the same at every block size. The twin of plugin/engine/offline.ts.
#pragma once

#include "Core.h"
#include "DecoderSlots.h"

#include <vector>

namespace timbrefold
{
class OfflinePump
{
public:
    /** Joins the two, which must outlive the pump; the core has been prepared in strict mode. Not on the audio thread. */
    OfflinePump (Core& core, DecoderSlots& slots);

    /**
     * Renders `frames` samples (any number) into `left` and `right`, decoding on this thread whatever the core asks for. Events queued in the core before the
     * call count from its beginning. @throws std::runtime_error where a decoder fails or is missing
     */
    void process (float* left, float* right, int frames);

private:
    bool answer();

    Core& core;
    DecoderSlots& slots;
    std::vector<float> rows, batch, frames;
};
} // namespace timbrefold
