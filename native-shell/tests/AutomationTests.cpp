// The host's automation as it is heard: a line over each block, at any block size; choices at once.
#include "Played.h"

#include <doctest/doctest.h>

using namespace timbrefold;
using namespace timbrefold::tests;

namespace
{
/** A long note, rendered in blocks, with a value of a parameter for each block; the first second is without. */
std::vector<float> automated (const char* id, int block, const std::vector<float>& values)
{
    Played played;
    played.instrument.prepare (48'000, true);
    played.note (48'000, 60, 512);
    const int index = findParameter (id);
    std::vector<float> all;
    for (const float value : values)
    {
        played.instrument.automate (index, value);
        const auto heard = played.render (block, block);
        all.insert (all.end(), heard.begin(), heard.end());
    }
    return all;
}

/** Gain in dB of `samples` against `reference`, window by window. */
std::vector<double> gainsDb (const std::vector<float>& samples, const std::vector<float>& reference, std::size_t window)
{
    std::vector<double> gains;
    for (std::size_t at = 0; at + window <= samples.size(); at += window)
        gains.push_back (20 * std::log10 (rmsOf (std::span (samples).subspan (at, window)) / rmsOf (std::span (reference).subspan (at, window))));
    return gains;
}
} // namespace

TEST_CASE ("a value a block is a line across the block, without a step at any block size")
{
    const auto& row = parameters[parameterIndex ("gainDb")];
    const float low = toNormalised (row, -18), high = toNormalised (row, 0);
    for (int block : { 256, 2048, 8192 })
    {
        CAPTURE (block);
        // Long enough after the line for the core's smoothing to end.
        std::vector<float> values (static_cast<std::size_t> (2 + 4096 / block + 1), high);
        values[0] = low;
        const auto steady = automated ("gainDb", block, std::vector<float> (values.size(), low));
        const auto moved = automated ("gainDb", block, values);
        const auto gains = gainsDb (moved, steady, 128);
        const auto perBlock = static_cast<std::size_t> (block) / 128;
        for (std::size_t i = 0; i < perBlock; i++)
            CHECK (std::abs (gains[i]) < 0.01);
        // On the way it goes where the line goes, short of what the core's smoothing is behind (10 ms).
        for (std::size_t i = perBlock; i < 2 * perBlock; i++)
        {
            const double sample = (static_cast<double> (i - perBlock) + 0.5) * 128;
            const auto at = [&] (double when) { return toPlain (row, low + (high - low) * static_cast<float> (std::clamp (when / block, 0.0, 1.0))) + 18.0; };
            CHECK (gains[i] <= at (sample + 64) + 0.2);
            CHECK (gains[i] >= at (sample - 1500) - 0.2);
        }
        CHECK (gains.back() == doctest::Approx (18).epsilon (0.01));
    }
}

TEST_CASE ("a learned controller or a preset does not have to fight the line of a block before")
{
    Played played;
    played.instrument.prepare (48'000, true);
    played.note (4800);
    played.instrument.automate (findParameter ("gainDb"), 1.0f);
    played.render (4096, 4096, [] (Player& player, int, int) { player.midi (1000, 0xc0, 1, 0); });
    CHECK (played.instrument.plain (findParameter ("gainDb")) == tableOf (played.instrument.model()->bundle.presets[1])[parameterIndex ("gainDb")]);
}

TEST_CASE ("every parameter moved at every block of every size, and nothing but finite samples")
{
    Played played;
    played.instrument.prepare (48'000, true);
    played.note (2400);
    std::uint32_t random = 1;
    for (int block : { 1, 31, 32, 33, 64, 500, 3000, 8192, 20'000 })
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < static_cast<int> (parameters.size()); i++)
            {
                random = random * 1664525u + 1013904223u;
                played.instrument.automate (i, static_cast<float> (random >> 8) / static_cast<float> (1 << 24));
            }
            CHECK (peakOf (played.note (block, 40 + round * 5, block)) < 100.0f);
        }
}
