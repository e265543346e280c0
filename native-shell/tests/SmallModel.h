// The smallest model that sounds, for tests that need no network.
#pragma once

#include "CoreModel.h"

namespace timbrefold::tests
{
/** Two numbers of latent; frames of four partials and one band of noise. */
inline CoreModel smallModel()
{
    CoreModel model;
    model.latentDim = 2;
    model.partials = 4;
    model.noiseBands = 1;
    model.frameSize = 5;
    model.noiseOffset = 4;
    model.maxSeconds = 3;
    model.sustainStart = 1;
    model.sustainEnd = 2;
    model.mean = { 0, 0 };
    model.std = { 1, 1 };
    model.macros.fill ({ 0.1f, 0 });
    return model;
}
} // namespace timbrefold::tests
