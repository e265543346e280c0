// timbrefold-offline: plays a request of test/hosts/play-in-node-and-chromium.ts natively and leaves NAME.audio, NAME.rows and NAME.frames, for the parity test.
#include "Bundle.h"
#include "Core.h"
#include "DecoderSlots.h"
#include "OfflinePump.h"
#include "OnnxDecoder.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace timbrefold::hosts
{
namespace
{
using Json = nlohmann::json;

/** Samples per call, as the parity test's other players have them. */
constexpr int block = 128;

void append (std::vector<float>& to, const float* from, int count)
{
    to.insert (to.end(), from, from + count);
}

void write (const std::string& path, const std::vector<float>& numbers)
{
    std::ofstream file (path, std::ios::binary);
    if (! file.write (reinterpret_cast<const char*> (numbers.data()), static_cast<std::streamsize> (numbers.size() * sizeof (float))))
        throw std::runtime_error (path + " cannot be written.");
}

/** A decoder that keeps everything that passes through it. */
class Listening : public Decoder
{
public:
    explicit Listening (std::unique_ptr<Decoder> itsDecoder) : decoder (std::move (itsDecoder)) {}

    int latentDim() const noexcept override { return decoder->latentDim(); }
    int frameSize() const noexcept override { return decoder->frameSize(); }

    void decode (const float* rows, int count, float* frames) override
    {
        decoder->decode (rows, count, frames);
        append (rowsAsked, rows, count * (protocol::rowHeader + latentDim()));
        append (framesGiven, frames, count * (protocol::frameHeader + frameSize()));
    }

    std::vector<float> rowsAsked, framesGiven;

private:
    const std::unique_ptr<Decoder> decoder;
};

struct Event
{
    int frame, kind, channel, key;
    float value;
};

Event eventOf (const Json& json, int frame)
{
    return { frame, json.at ("kind"), json.at ("channel"), json.at ("key"), json.at ("value") };
}

void play (const Json& request)
{
    const std::string model = request.at ("model");
    std::ifstream file (model, std::ios::binary);
    const Bytes bytes { std::istreambuf_iterator<char> (file), {} };
    const auto bundle = readBundle (bytes, model);
    const auto listening = std::make_shared<Listening> (openDecoder (bundle));
    DecoderSlots slots;
    slots.offer (0, 1, listening);
    slots.play (0, 1);

    Core core;
    core.prepare (request.at ("sampleRate"), { .seed = request.at ("seed"), .strict = true });
    core.setModel (bundle.model);
    core.setSound (request.at ("latent").get<std::vector<float>>(), request.at ("mapX"), request.at ("mapY"));
    std::vector<Event> events;
    for (const auto& event : request.at ("initial"))
        events.push_back (eventOf (event, 0));
    for (const auto& event : request.at ("events"))
        events.push_back (eventOf (event, event.at ("frame")));

    OfflinePump pump (core, slots);
    const int length = request.at ("frames");
    std::vector<float> left (block), right (block), audio;
    std::size_t next = 0;
    for (int at = 0; at < length; at += block)
    {
        const int now = std::min (block, length - at);
        for (; next < events.size() && events[next].frame < at + now; next++)
            core.event (events[next].frame - at, events[next].kind, events[next].channel, events[next].key, events[next].value);
        pump.process (left.data(), right.data(), now);
        for (int i = 0; i < now; i++)
        {
            audio.push_back (left[static_cast<std::size_t> (i)]);
            audio.push_back (right[static_cast<std::size_t> (i)]);
        }
    }
    const std::string output = request.at ("output");
    write (output + ".audio", audio);
    write (output + ".rows", listening->rowsAsked);
    write (output + ".frames", listening->framesGiven);
}
} // namespace
} // namespace timbrefold::hosts

int main (int count, char** words)
{
    try
    {
        if (count != 2)
            throw std::runtime_error ("Say which request to play: timbrefold-offline REQUEST.json");
        std::ifstream file (words[1]);
        timbrefold::hosts::play (nlohmann::json::parse (file));
        return 0;
    }
    catch (const std::exception& error)
    {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
