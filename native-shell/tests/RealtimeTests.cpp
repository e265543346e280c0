// Real time: audio thread and decoder joined by rings. First in turns on one thread, where all is certain; then on two.
#include "DecoderLoop.h"
#include "ParameterValues.h"
#include "RealtimePump.h"
#include "SmallModel.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <stdexcept>
#include <thread>

using namespace timbrefold;
using namespace timbrefold::tests;

namespace
{
constexpr int block = 128;

/** A steady sound for the small model; fails on demand. */
class ToneDecoder : public Decoder
{
public:
    int latentDim() const noexcept override { return 2; }
    int frameSize() const noexcept override { return 5; }
    void decode (const float* rows, int count, float* frames) override
    {
        if (failing)
            throw std::runtime_error ("The tone decoder was told to fail.");
        for (int i = 0; i < count; i++)
        {
            const float* row = rows + i * (protocol::rowHeader + latentDim());
            cacheRows += row[protocol::row::priority] > 0 ? 1 : 0;
            firstOfBatch = i == 0 ? row[protocol::row::priority] : firstOfBatch;
            std::fill_n (std::copy_n (row, protocol::frameHeader, frames + i * (protocol::frameHeader + frameSize())), frameSize(), -24.0f);
        }
    }

    bool failing = false;
    int cacheRows = 0;
    float firstOfBatch = -1;
};

/** A core with its decoder at the other end of the rings. */
struct Rig
{
    Rig()
    {
        slots.offer (0, 1, decoder);
        slots.play (0, 1);
        core.prepare (48'000);
        auto model = smallModel();
        model.sustainEnd = 2.9f;
        core.setModel (model);
        core.setSound (std::array<float, 2> {}, 0.5f, 0.5f);
    }

    /** Renders a block of the host of `frames` samples and gives its peak. */
    float play (int frames = block)
    {
        left.resize (static_cast<std::size_t> (frames));
        right.resize (left.size());
        pump.begin (frames);
        pump.process (left.data(), right.data(), frames);
        float peak = 0;
        for (float sample : left)
            peak = std::max (peak, std::abs (sample));
        return peak;
    }

    /** Blocks between which the decoder answers everything, and never inside of them. */
    float playAnswered (int blocks, int frames = block)
    {
        float peak = 0;
        for (int i = 0; i < blocks; i++)
        {
            peak = std::max (peak, play (frames));
            while (loop.turn() > 0)
                ;
        }
        return peak;
    }

    Core core;
    const std::shared_ptr<ToneDecoder> decoder = std::make_shared<ToneDecoder>();
    DecoderSlots slots;
    DecoderLink link;
    RealtimePump pump { core, link };
    DecoderLoop loop { link, slots };
    std::vector<float> left, right;
};
} // namespace

TEST_CASE ("once the attack cache is filled a note sounds in the block it arrives in, at its sample")
{
    Rig rig;
    rig.playAnswered (2000);
    CHECK (rig.decoder->cacheRows > 80 * protocol::cacheFrames);
    rig.core.event (50, protocol::event::noteOn, 0, 60, 1.0f);
    rig.play();
    CHECK (std::all_of (rig.left.begin(), rig.left.begin() + 50, [] (float sample) { return sample == 0.0f; }));
    CHECK (std::any_of (rig.left.begin() + 50, rig.left.begin() + 53, [] (float sample) { return sample != 0.0f; }));
    rig.playAnswered (200);
    CHECK (rig.core.underruns() == 0);
    CHECK (rig.core.faults() == 0);
}

TEST_CASE ("a decoder that is away is missed but never waited for, and all is well when it returns")
{
    Rig rig;
    rig.core.event (0, protocol::event::noteOn, 0, 60, 1.0f);
    for (int i = 0; i < 100; i++)
        CHECK (rig.play() == 0.0f);
    CHECK (rig.core.underruns() > 0);
    CHECK (rig.playAnswered (20) > 0.01f);
}

TEST_CASE ("sounding voices are answered before the attack cache")
{
    Rig rig;
    for (int i = 0; i < 50; i++)
        rig.play();
    rig.core.event (0, protocol::event::noteOn, 0, 60, 1.0f);
    rig.play();
    REQUIRE (rig.loop.turn() > 0);
    CHECK (rig.decoder->firstOfBatch == 0.0f);
    // The call of the model is paid for, so the attack cache fills it up.
    CHECK (rig.decoder->cacheRows > 0);
    REQUIRE (rig.loop.turn() > 0);
    CHECK (rig.decoder->firstOfBatch == 1.0f);
}

TEST_CASE ("a decoder that fails costs frames, is counted, and may recover")
{
    Rig rig;
    rig.decoder->failing = true;
    rig.core.event (0, protocol::event::noteOn, 0, 60, 1.0f);
    CHECK (rig.playAnswered (50) == 0.0f);
    CHECK (rig.loop.failures() > 0);
    rig.decoder->failing = false;
    rig.core.event (0, protocol::event::noteOn, 0, 72, 1.0f);
    CHECK (rig.playAnswered (100) > 0.01f);
}

TEST_CASE ("long blocks ask inside of themselves for what their end needs")
{
    Rig rig;
    rig.playAnswered (2000);
    rig.core.event (0, protocol::event::noteOn, 0, 60, 1.0f);
    rig.play (8192);
    CHECK (rig.link.rows.readable() > 8);
}

TEST_CASE ("with a decoder that answers between blocks only, however long, no frame is late after a note's first block")
{
    for (int frames : { 512, 600, 1024, 1500, 2048, 4096, 8192 })
    {
        CAPTURE (frames);
        Rig rig;
        rig.playAnswered (2000);
        // Moving, so that every frame is asked for, on as many voices as there may be.
        rig.core.event (0, protocol::event::parameter, 0, static_cast<int> (parameterIndex ("driftDepth")), 1.0f);
        rig.core.event (0, protocol::event::parameter, 0, static_cast<int> (parameterIndex ("voices")), protocol::maxVoices);
        for (int i = 0; i < protocol::maxVoices; i++)
            rig.core.event (i * frames / protocol::maxVoices, protocol::event::noteOn, 0, 40 + i, 1.0f);
        rig.playAnswered (1, frames);
        const int late = rig.core.underruns();
        CHECK (rig.playAnswered (2 + 48'000 / frames, frames) > 0.01f);
        CHECK (rig.core.underruns() == late);
        CHECK (rig.core.activeVoices() == protocol::maxVoices);
    }
}

TEST_CASE ("when blocks are short again, frames are soon asked for late again, and a single short block changes nothing")
{
    Rig rig;
    rig.playAnswered (2000);
    rig.core.event (0, protocol::event::parameter, 0, static_cast<int> (parameterIndex ("driftDepth")), 1.0f);
    rig.core.event (0, protocol::event::noteOn, 0, 60, 1.0f);
    const auto askedAhead = [&rig] (int frames)
    {
        rig.play (frames);
        float newest = 0;
        std::vector<float> row (rowRecord);
        while (rig.link.rows.pull (row.data(), 1, rowRecord) > 0)
            if (row[protocol::row::priority] == 0)
                newest = std::max (newest, row[protocol::row::tau]);
        return newest - rig.core.voiceReport()[6];
    };
    rig.playAnswered (2, 4096);
    const float hop = 256.0f / 48'000;
    CHECK (askedAhead (4096) > 16 * hop);
    rig.playAnswered (1, 64);
    CHECK (askedAhead (4096) > 16 * hop);
    rig.playAnswered (750);
    CHECK (askedAhead (512) < 7 * hop);
}

TEST_CASE ("on two threads a note sounds, and the end is clean at any moment")
{
    for (int round = 0; round < 3; round++)
    {
        Rig rig;
        std::thread thread ([&rig] { rig.loop.run(); });
        rig.core.event (0, protocol::event::noteOn, 0, 60, 1.0f);
        float peak = 0;
        for (int i = 0; peak == 0.0f; i++)
        {
            peak = rig.play();
            std::this_thread::yield();
        }
        rig.loop.stop();
        thread.join();
        CHECK (std::isfinite (peak));
    }
}
