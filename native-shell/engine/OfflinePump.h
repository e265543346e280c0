// The offline pump: core in strict mode, every frame answered before it is heard. Complete, repeatable, the same at every block size. The twin of plugin/engine/offline.ts.
#pragma once

#include "Core.h"
#include "Decoder.h"

#include <vector>

namespace timbrefold
{
class OfflinePump
{
public:
    /** Joins the two, which must outlive the pump; the core has been prepared in strict mode and given the decoder's model. Not on the audio thread. */
    OfflinePump (Core& core, Decoder& decoder);

    /**
     * Renders `frames` samples (any number) into `left` and `right`, decoding on this thread whatever the core asks for. Events queued in the core before the
     * call count from its beginning and lie within it. @throws std::runtime_error where the decoder fails
     */
    void process (float* left, float* right, int frames);

private:
    int answer();

    Core& core;
    Decoder& decoder;
    const int rowSize, deliverySize;
    std::vector<float> rows, frames;
};
} // namespace timbrefold
