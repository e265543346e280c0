// ONNX Runtime in the native shell gives what PyTorch gave, and refuses what is no decoder; the offline pump plays it.
#include "Factory.h"
#include "OfflinePump.h"
#include "OnnxDecoder.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <doctest/doctest.h>

using namespace timbrefold;
using namespace timbrefold::tests;

namespace
{
/** The numbers of a float32 array file (.npy, version 1). */
std::vector<float> arrayOf (const Bytes& file)
{
    REQUIRE (file.size() > 10);
    const auto header = std::size_t { 10 } + file[8] + 256u * file[9];
    REQUIRE (std::string (file.begin() + 10, file.begin() + static_cast<std::ptrdiff_t> (header)).find ("'<f4'") != std::string::npos);
    std::vector<float> values ((file.size() - header) / sizeof (float));
    std::memcpy (values.data(), file.data() + header, values.size() * sizeof (float));
    return values;
}

/** A few seconds of a chord with the given block size. */
std::vector<float> playChord (const Bundle& bundle, std::shared_ptr<Decoder> decoder, int block)
{
    Core core;
    core.prepare (48'000, { .seed = 3, .strict = true });
    core.setModel (bundle.model);
    const auto& preset = bundle.presets.front();
    core.setSound (preset.latent, preset.mapX, preset.mapY);
    DecoderSlots slots;
    slots.offer (0, 1, std::move (decoder));
    slots.play (0, 1);
    OfflinePump pump (core, slots);
    constexpr int length = 24'000;
    std::vector<float> left (length), right (length);
    for (int at = 0; at < length; at += block)
    {
        const int now = std::min (block, length - at);
        for (int key : { 48, 55, 64 })
            if (const int onset = (key - 48) * 500; onset >= at && onset < at + now)
                core.event (onset - at, protocol::event::noteOn, 0, key, 0.8f);
        pump.process (left.data() + at, right.data() + at, now);
    }
    CHECK (core.underruns() == 0);
    CHECK (core.faults() == 0);
    left.insert (left.end(), right.begin(), right.end());
    return left;
}
} // namespace

TEST_CASE ("the decoder repeats the bundle's reference within a thousandth of a decibel")
{
    const auto bytes = factoryBytes();
    const auto bundle = readBundle (bytes, "atlas.timbre");
    const auto decoder = openDecoder (bundle);
    const auto anything = [] (const std::string&) { return true; };
    const ZipLimits limits { 32, std::size_t { 16 } << 20, std::size_t { 32 } << 20 };
    const auto arrays = readZip (readZip (bytes, limits, anything).at ("parity.npz"), limits, anything);
    const auto z = arrayOf (arrays.at ("z.npy"));
    const auto pitch = arrayOf (arrays.at ("pitch.npy"));
    const auto velocity = arrayOf (arrays.at ("velocity.npy"));
    const auto tau = arrayOf (arrays.at ("tau.npy"));
    const auto expected = arrayOf (arrays.at ("frame.npy"));
    const auto dim = static_cast<std::size_t> (decoder->latentDim());
    const auto size = static_cast<std::size_t> (decoder->frameSize());
    const auto count = pitch.size();
    REQUIRE (count >= 16);
    REQUIRE (expected.size() == count * size);

    // More rows than fit into one batch, so that the seams are tried too.
    const auto total = 5 * count;
    const auto rowSize = protocol::rowHeader + dim;
    std::vector<float> rows (total * rowSize);
    for (std::size_t i = 0; i < total; i++)
    {
        float* row = rows.data() + i * rowSize;
        row[protocol::row::serial] = static_cast<float> (i);
        row[protocol::row::pitch] = pitch[i % count];
        row[protocol::row::velocity] = velocity[i % count];
        row[protocol::row::tau] = tau[i % count];
        std::copy_n (z.data() + (i % count) * dim, dim, row + protocol::row::z);
    }
    std::vector<float> frames (total * (protocol::frameHeader + size));
    decoder->decode (rows.data(), static_cast<int> (total), frames.data());
    float worst = 0;
    bool headers = true;
    for (std::size_t i = 0; i < total; i++)
    {
        const float* frame = frames.data() + i * (protocol::frameHeader + size);
        headers = headers && frame[protocol::row::serial] == static_cast<float> (i);
        for (std::size_t k = 0; k < size; k++)
            worst = std::max (worst, std::abs (frame[protocol::frameHeader + k] - expected[(i % count) * size + k]));
    }
    CHECK (headers);
    CHECK (worst < 1e-3f);
}

TEST_CASE ("a graph that is no decoder is refused by a sentence")
{
    const auto bundle = readBundle (factoryBytes(), "atlas.timbre");
    auto broken = bundle;
    broken.decoderGraph.resize (broken.decoderGraph.size() / 2);
    CHECK_THROWS_AS (openDecoder (broken), BundleError);
    auto narrow = bundle;
    narrow.model.latentDim = 8;
    CHECK_THROWS_AS (openDecoder (narrow), BundleError);
    auto shorter = bundle;
    shorter.model.frameSize = 160;
    CHECK_THROWS_AS (openDecoder (shorter), BundleError);
}

TEST_CASE ("a chord sounds, without a frame too late, and is the same at every block size")
{
    const auto bundle = readBundle (factoryBytes(), "atlas.timbre");
    const std::shared_ptr<Decoder> decoder = openDecoder (bundle);
    const auto reference = playChord (bundle, decoder, 512);
    CHECK (std::any_of (reference.begin(), reference.end(), [] (float sample) { return std::abs (sample) > 0.01f; }));
    CHECK (std::all_of (reference.begin(), reference.end(), [] (float sample) { return std::isfinite (sample) && std::abs (sample) < 2.0f; }));
    CHECK (reference.front() != 0.0f);
    for (int block : { 1, 64, 509, 24'000 })
    {
        CAPTURE (block);
        CHECK (playChord (bundle, decoder, block) == reference);
    }
}
