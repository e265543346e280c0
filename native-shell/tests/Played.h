// An instrument with a host around it, for the tests: the factory's model, a folder for others, what a face heard, and blocks to render.
#pragma once

#include "Bundles.h"
#include "Instrument.h"
#include "JsonText.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <thread>

namespace timbrefold::tests
{
/** Bytes that outlive every instrument, as a program's own do. */
inline const Bytes& shippedBytes()
{
    static const Bytes bytes = factoryBytes();
    return bytes;
}

inline Instrument::Surroundings surroundingsWith (const std::filesystem::path& folder = {})
{
    return { shippedBytes(), folder };
}

/** What a host was told. */
struct HostLog : InstrumentHost
{
    void parameterMoved (int index, float normalised) override { moved.emplace_back (index, normalised); }
    void gesture (int index, bool begins) override { gestures.emplace_back (index, begins); }
    void programChanged() override { programs++; }
    void sessionChanged() override { sessions++; }
    void pollSoon() override { polls++; }

    std::vector<std::pair<int, float>> moved;
    std::vector<std::pair<int, bool>> gestures;
    int programs = 0, sessions = 0;
    std::atomic<int> polls { 0 };
};

class Played
{
public:
    explicit Played (const std::filesystem::path& folder = {}) : instrument (surroundingsWith (folder))
    {
        instrument.setHost (&host);
        instrument.subscribe ([this] (const Json& message) { heard.push_back (message); });
    }
    ~Played() { instrument.setHost (nullptr); }

    /** Renders `frames` samples in blocks; `events (player, from, count)` hands in what belongs to a block. */
    template <typename Events>
    std::vector<float> render (int frames, int block, Events events)
    {
        std::vector<float> left (static_cast<std::size_t> (frames)), right (left.size());
        for (int at = 0; at < frames; at += block)
        {
            const int count = std::min (block, frames - at);
            auto& player = instrument.player();
            player.begin (left.data() + at, right.data() + at, count);
            events (player, at, count);
            player.end();
        }
        return left;
    }
    std::vector<float> render (int frames, int block = 512)
    {
        return render (frames, block, [] (Player&, int, int) {});
    }

    /** A note from the first sample on. */
    std::vector<float> note (int frames, int key = 60, int block = 512)
    {
        return render (frames,
                       block,
                       [key] (Player& player, int from, int)
                       {
                           if (from == 0)
                               player.midi (0, 0x90, static_cast<std::uint8_t> (key), 100);
                       });
    }

    /** The newest message of a type; null where there was none. */
    Json last (const std::string& type) const
    {
        const auto found = std::find_if (heard.rbegin(), heard.rend(), [&type] (const Json& message) { return message["type"] == type; });
        return found == heard.rend() ? Json() : *found;
    }

    /** Hands in a bundle as a face does, and waits until it plays or is refused. */
    void load (const std::string& fileName, const Bytes& bytes)
    {
        instrument.handle ({ { "type", "loadBundle" }, { "fileName", fileName }, { "bytes", toBase64 (std::span<const std::uint8_t> (bytes)) } });
        heard.clear();
        while (last ("status").is_null())
        {
            instrument.poll();
            std::this_thread::yield();
        }
        REQUIRE (last ("status")["stage"] == "ready");
    }

    std::string presetName() { return Json::parse (instrument.state())["preset"]["name"]; }

    HostLog host;
    std::vector<Json> heard;
    Instrument instrument;
};

inline float peakOf (std::span<const float> samples)
{
    float peak = 0;
    for (const float sample : samples)
        peak = std::max (peak, std::isfinite (sample) ? std::abs (sample) : 1e9f);
    return peak;
}

inline double rmsOf (std::span<const float> samples)
{
    double sum = 0;
    for (const float sample : samples)
        sum += static_cast<double> (sample) * static_cast<double> (sample);
    return std::sqrt (sum / static_cast<double> (samples.size()));
}
} // namespace timbrefold::tests
