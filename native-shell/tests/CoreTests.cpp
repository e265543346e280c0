// What the class Core promises beyond the core's own tests: refusals, and that a trap costs no more than one instance.
#include "SmallModel.h"
#include "Transcript.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <limits>
#include <stdexcept>
#if TIMBREFOLD_GUARD_PAGES
#include <sys/mman.h>
#include <unistd.h>
#endif

using namespace timbrefold;
using namespace timbrefold::tests;

namespace
{
constexpr std::array<float, 2> origin { 0, 0 };

/** Plays one note offline on a steady frame and gives the left channel. */
std::vector<float> playNote (Core& core, int length)
{
    std::vector<float> rows (static_cast<std::size_t> (protocol::maxRequests * core.rowSize()));
    std::vector<float> frame (static_cast<std::size_t> (core.deliverySize()), -20.0f);
    std::vector<float> heard;
    core.event (0, protocol::event::noteOn, 0, 60, 1.0f);
    while (static_cast<int> (heard.size()) < length)
    {
        const int made = core.process (length - static_cast<int> (heard.size()));
        heard.insert (heard.end(), core.left(), core.left() + made);
        const int count = core.takeRequests (rows.data(), protocol::maxRequests, core.rowSize());
        for (int row = 0; row < count; row++)
        {
            std::copy_n (rows.data() + row * core.rowSize(), protocol::frameHeader, frame.data());
            core.deliver (frame.data(), 1, core.deliverySize());
        }
        REQUIRE ((made > 0 || count > 0));
    }
    return heard;
}

Core& prepared (Core& core, float sampleRate = 48'000)
{
    core.prepare (sampleRate, { .strict = true });
    core.setModel (smallModel());
    core.setSound (origin, 0.5f, 0.5f);
    return core;
}

float peakOf (const std::vector<float>& samples)
{
    float peak = 0;
    for (float sample : samples)
        peak = std::max (peak, std::abs (sample));
    return peak;
}
} // namespace

TEST_CASE ("a note begins at its sample at every rate, and the rate is checked")
{
    Core core;
    for (float rate : { 22'050.0f, 44'100.0f, 48'000.0f, 88'200.0f, 96'000.0f, 176'400.0f, 192'000.0f })
    {
        CAPTURE (rate);
        const auto heard = playNote (prepared (core, rate), 4000);
        CHECK (peakOf (heard) > 0.01f);
        CHECK (std::any_of (heard.begin(), heard.begin() + 2, [] (float sample) { return sample != 0.0f; }));
        CHECK (core.hopSize() * 4 == core.fftSize());
    }
    for (float rate : { 0.0f, 8'000.0f, 22'049.0f, 192'001.0f, 768'000.0f, -1.0f, std::numeric_limits<float>::quiet_NaN() })
        CHECK_THROWS_AS (core.prepare (rate), std::invalid_argument);
}

TEST_CASE ("models and latents that do not fit are refused and change nothing")
{
    Core core;
    const auto before = playNote (prepared (core), 2000);
    prepared (core);
    const auto refused = [&core] (auto change)
    {
        auto model = smallModel();
        change (model);
        CHECK_THROWS_AS (core.setModel (model), std::invalid_argument);
    };
    refused ([] (CoreModel& model) { model.latentDim = protocol::maxLatent + 1; });
    refused ([] (CoreModel& model) { model.latentDim = -1; });
    refused ([] (CoreModel& model) { model.mean.pop_back(); });
    refused ([] (CoreModel& model) { model.macros[7].clear(); });
    refused ([] (CoreModel& model) { model.partials = protocol::maxPartials + 1; });
    refused ([] (CoreModel& model) { model.frameSize = protocol::maxFrame + 1; });
    refused ([] (CoreModel& model) { model.noiseOffset = 5; });
    refused ([] (CoreModel& model) { model.maxSeconds = std::numeric_limits<float>::quiet_NaN(); });
    refused ([] (CoreModel& model) { model.map.assign (1, { 0, 0, { 1 } }); });
    refused ([] (CoreModel& model) { model.map.assign (protocol::maxMapPoints + 1, { 0, 0, { 1, 1 } }); });
    CHECK_THROWS_AS (core.setModel (smallModel(), 2), std::invalid_argument);
    CHECK_THROWS_AS (core.setSound (std::array<float, 3> {}, 0, 0), std::invalid_argument);
    CHECK_THROWS_AS (core.setCorner (4, origin), std::invalid_argument);
    CHECK (playNote (core, 2000) == before);
}

#if TIMBREFOLD_GUARD_PAGES
TEST_CASE ("a trap silences its instance, reports itself and leaves others alone")
{
    Core broken;
    Core sound;
    const auto expected = playNote (prepared (sound), 3000);
    prepared (sound);
    prepared (broken);
    REQUIRE (broken.trap() == nullptr);
    broken.event (0, protocol::event::noteOn, 0, 60, 1.0f);

    // The page that the core writes its output to may no longer be touched: the real core faults in the middle of `process`.
    const auto page = static_cast<std::uintptr_t> (sysconf (_SC_PAGESIZE));
    void* const output = reinterpret_cast<void*> (reinterpret_cast<std::uintptr_t> (broken.left()) & ~(page - 1));
    REQUIRE (mprotect (output, page, PROT_NONE) == 0);
    CHECK (broken.process (128) == 128);
    REQUIRE (broken.trap() != nullptr);
    CHECK (std::string (broken.trap()).find ("outside its memory") != std::string::npos);
    REQUIRE (mprotect (output, page, PROT_READ | PROT_WRITE) == 0);

    CHECK (broken.process (512) == 512);
    CHECK (std::all_of (broken.left(), broken.left() + protocol::maxBlock, [] (float sample) { return sample == 0.0f; }));
    CHECK (std::all_of (broken.right(), broken.right() + protocol::maxBlock, [] (float sample) { return sample == 0.0f; }));
    CHECK_FALSE (broken.event (0, protocol::event::noteOn, 0, 64, 1.0f));
    CHECK (broken.requestCount() == 0);
    CHECK (broken.activeVoices() == 0);
    CHECK (broken.voiceReport().size() == std::size_t { protocol::maxVoices * protocol::voiceReport });

    CHECK (playNote (sound, 3000) == expected);

    // Prepared anew it is a new instance.
    CHECK (playNote (prepared (broken), 3000) == expected);
    CHECK (broken.trap() == nullptr);
}
#endif

TEST_CASE ("many instances come and go")
{
    std::vector<std::unique_ptr<Core>> cores;
    for (int round = 0; round < 3; round++)
    {
        for (int i = 0; i < 40; i++)
            cores.push_back (std::make_unique<Core>());
        cores.back()->prepare (48'000);
        CHECK (cores.back()->process (64) == 64);
        cores.clear();
    }
}
