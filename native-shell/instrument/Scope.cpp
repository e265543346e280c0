// The Web Audio specification's analysis, 1.8.6.
#include "Scope.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace timbrefold
{
namespace
{
constexpr float smoothing = 0.3f;
constexpr float floorAmplitude = 1e-10f;
} // namespace

Scope::Scope() : samples (size), window (size), smoothed (size / 2), levels (size / 2)
{
    core.prepare (48'000);
    for (std::size_t i = 0; i < size; i++)
    {
        const double turn = 2 * std::numbers::pi * static_cast<double> (i) / static_cast<double> (size);
        window[i] = static_cast<float> (0.42 - 0.5 * std::cos (turn) + 0.08 * std::cos (2 * turn));
    }
}

void Scope::look (const Recent& recent)
{
    recent.copy (samples);
}

std::span<const float> Scope::spectrumDb()
{
    const auto reals = core.fftBuffer (size);
    if (reals.empty())
        return levels;
    std::transform (samples.begin(), samples.end(), window.begin(), reals.begin(), std::multiplies<>());
    const auto bins = core.fftForward (size);
    for (std::size_t bin = 0; bin < levels.size(); bin++)
    {
        const float amplitude = std::hypot (bins[2 * bin], bins[2 * bin + 1]) / static_cast<float> (size);
        const float mixed = smoothing * smoothed[bin] + (1 - smoothing) * amplitude;
        smoothed[bin] = std::isfinite (mixed) ? mixed : 0.0f;
        levels[bin] = 20 * std::log10 (std::max (smoothed[bin], floorAmplitude));
    }
    return levels;
}
} // namespace timbrefold
