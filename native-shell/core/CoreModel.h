// A model as the core needs it: sizes, places inside a frame, what macros and map mean.
#pragma once

#include <array>
#include <vector>

namespace timbrefold
{
/** The twin of CoreModel in plugin/engine/core.ts. */
struct CoreModel
{
    enum class Interpolation
    {
        lerp,
        slerp
    };

    /** A sound of the map: its place, 0..1 each way, and its latent. */
    struct MapPoint
    {
        float x, y;
        std::vector<float> latent;
    };

    /** Numbers of the whole latent, z and detail; and how many of its trailing numbers are detail, which macros and drift leave alone. */
    int latentDim = 0;
    int latentDetail = 0;
    int partials = 0;
    int noiseBands = 0;
    int frameSize = 0;
    int partialOffset = 0;
    int noiseOffset = 0;
    /** -1 where the model has none. */
    int centsOffset = -1;
    /** -1 where the model has none. */
    int inharmonicityOffset = -1;
    /** -1 where the model has none; and how many partials have a detune of their own. */
    int detunesOffset = -1;
    int detunes = 0;
    /** -1 where the model has none. */
    int vibratoOffset = -1;
    int releaseOffset = -1;
    float maxSeconds = 0;
    float sustainStart = 0;
    float sustainEnd = 0;
    /** MIDI notes. */
    float pitchLow = 0;
    float pitchHigh = 127;
    Interpolation interpolation = Interpolation::lerp;
    /** Prior mean and spread per number of the latent. */
    std::vector<float> mean, std;
    /** Eight offsets of latentDim floats: how z moves as the macro goes from its middle to 1. */
    std::array<std::vector<float>, 8> macros;
    std::vector<MapPoint> map;
};
} // namespace timbrefold
