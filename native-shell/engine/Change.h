// What the message thread wants to sound from the next block on.
#pragma once

#include "LoadedModel.h"
#include "ParameterValues.h"
#include "generated/protocol.h"

#include <array>
#include <memory>
#include <vector>

namespace timbrefold
{
/** Made on the message thread, read on the audio thread, destroyed on the message thread again. */
struct Change
{
    /** Parts that differ from what was submitted before. */
    enum Part : unsigned
    {
        model = 1,
        sound = 2,
        cornerSounds = 4,
        jumps = 8,
        keys = 16,
        walk = 32,
        everything = 63
    };

    unsigned parts = 0;

    /** Null: the session's model is missing, and nothing sounds. */
    std::shared_ptr<const LoadedModel> loaded;
    /** Where the model enters the core, and the number under which its decoder was offered. */
    int slot = 0, number = 0;

    std::vector<float> latent;
    float mapX = 0.5f, mapY = 0.5f;
    std::uint32_t seed = 1;
    std::array<std::vector<float>, 4> corners;
    /** Every parameter's value, which is jumped to. */
    ParameterValues::Table values;
    /** What each key plays, MIDI notes. */
    std::array<float, 128> tuning;
    /** x and y of the path's places, one after the other. */
    std::vector<float> path;

    /** The player's: the change that was used before this one. */
    Change* older = nullptr;
};
} // namespace timbrefold
