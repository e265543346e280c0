// What a face shows of the output: its spectrum and its wave, worked out on the message thread from the newest samples.
#pragma once

#include "Core.h"
#include "Recent.h"

#include <span>
#include <vector>

namespace timbrefold
{
/** The twin of the page's AnalyserNode: Blackman window, 4096 samples, smoothing 0.3. The FFT is the core's, of an instance that plays nothing. Message thread. */
class Scope
{
public:
    static constexpr std::size_t size = 4096;

    Scope();

    /** Takes the newest samples. */
    void look (const Recent& recent);

    /** Those samples, the oldest first. */
    std::span<const float> wave() const noexcept { return samples; }

    /** Levels in dB of bins 0..size / 2 - 1, never below -200. */
    std::span<const float> spectrumDb();

private:
    Core core;
    std::vector<float> samples, window, smoothed, levels;
};
} // namespace timbrefold
