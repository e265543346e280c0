// Reading and repeating transcripts.
#include "Transcript.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace timbrefold::tests
{
namespace
{
/** The numbers of CALL in test/native/transcript.ts. */
enum class Call
{
    end,
    prepare,
    model,
    sound,
    corner,
    event,
    process,
    take,
    deliver,
    reset,
    state,
    tuning,
    path,
    block
};

constexpr std::uint32_t magic = 0x52544654;
constexpr std::uint32_t version = 2;
} // namespace

Replay::Replay (const std::filesystem::path& file)
{
    std::ifstream stream (file, std::ios::binary);
    words.resize (static_cast<std::size_t> (std::filesystem::file_size (file)) / sizeof (std::uint32_t));
    stream.read (reinterpret_cast<char*> (words.data()), static_cast<std::streamsize> (words.size() * sizeof (std::uint32_t)));
    if (! stream || words.size() < 3 || words[0] != magic || words[1] != version)
        throw std::runtime_error (file.string() + " is no transcript of version " + std::to_string (version) + ".");
    at = 2;
}

std::int32_t Replay::integer()
{
    return static_cast<std::int32_t> (words.at (at++));
}

float Replay::number()
{
    return std::bit_cast<float> (words.at (at++));
}

std::vector<float> Replay::numbers (std::size_t count)
{
    std::vector<float> values (count);
    std::generate (values.begin(), values.end(), [this] { return number(); });
    return values;
}

CoreModel Replay::model()
{
    CoreModel made;
    for (int* size : { &made.latentDim, &made.partials, &made.noiseBands, &made.frameSize, &made.partialOffset, &made.noiseOffset, &made.centsOffset, &made.inharmonicityOffset,
                       &made.latentDetail, &made.detunesOffset, &made.detunes, &made.vibratoOffset, &made.releaseOffset })
        *size = integer();
    for (float* value : { &made.maxSeconds, &made.sustainStart, &made.sustainEnd, &made.pitchLow, &made.pitchHigh })
        *value = number();
    made.interpolation = integer() == 1 ? CoreModel::Interpolation::slerp : CoreModel::Interpolation::lerp;
    const auto points = static_cast<std::size_t> (integer());
    const auto dim = static_cast<std::size_t> (made.latentDim);
    made.mean = numbers (dim);
    made.std = numbers (dim);
    for (auto& macro : made.macros)
        macro = numbers (dim);
    for (std::size_t i = 0; i < points; i++)
    {
        const float x = number();
        const float y = number();
        made.map.push_back ({ x, y, numbers (dim) });
    }
    return made;
}

void Replay::same (const char* what, std::int64_t expected, std::int64_t found)
{
    if (expected != found && differing.empty())
        differing = "Call " + std::to_string (calls) + ": " + what + " is " + std::to_string (found) + ", in V8 " + std::to_string (expected) + ".";
}

void Replay::same (const char* what, const std::vector<float>& expected, const float* found)
{
    for (std::size_t i = 0; i < expected.size() && differing.empty(); i++)
        if (std::bit_cast<std::uint32_t> (expected[i]) != std::bit_cast<std::uint32_t> (found[i]))
            differing = "Call " + std::to_string (calls) + ": " + what + " [" + std::to_string (i) + "] is " + std::to_string (found[i]) + ", in V8 "
                        + std::to_string (expected[i]) + ".";
}

bool Replay::step()
{
    if (ended || ! differing.empty())
        return false;
    calls++;
    switch (static_cast<Call> (integer()))
    {
        case Call::end: ended = true; return false;
        case Call::prepare:
        {
            const float sampleRate = number();
            const auto seed = static_cast<std::uint32_t> (integer());
            core.prepare (sampleRate, { .seed = seed, .strict = integer() == 1 });
            break;
        }
        case Call::model:
        {
            const int slot = integer();
            core.setModel (model(), slot);
            break;
        }
        case Call::sound:
        {
            const auto latent = numbers (static_cast<std::size_t> (integer()));
            const float x = number();
            core.setSound (latent, x, number());
            break;
        }
        case Call::corner:
        {
            const int corner = integer();
            core.setCorner (corner, numbers (static_cast<std::size_t> (integer())));
            break;
        }
        case Call::event:
        {
            const int offset = integer();
            const int kind = integer();
            const int channel = integer();
            const int key = integer();
            const bool queued = core.event (offset, kind, channel, key, number());
            same ("whether an event was taken", integer(), queued ? 1 : 0);
            break;
        }
        case Call::process:
        {
            const int made = core.process (integer());
            const auto expected = integer();
            same ("the number of samples made", expected, made);
            const auto left = numbers (static_cast<std::size_t> (expected));
            const auto right = numbers (static_cast<std::size_t> (expected));
            same ("left", left, core.left());
            same ("right", right, core.right());
            for (float sample : left)
                loudest = std::max (loudest, std::abs (sample));
            comparedSamples += left.size();
            break;
        }
        case Call::take:
        {
            const int limit = integer();
            const int size = integer();
            taken.resize (static_cast<std::size_t> (limit) * static_cast<std::size_t> (size));
            const int count = core.takeRequests (taken.data(), limit, size);
            const auto expected = integer();
            same ("the number of rows", expected, count);
            same ("rows", numbers (static_cast<std::size_t> (expected * size)), taken.data());
            comparedRows += static_cast<std::size_t> (expected);
            break;
        }
        case Call::deliver:
        {
            const int count = integer();
            const int size = integer();
            core.deliver (numbers (static_cast<std::size_t> (count * size)).data(), count, size);
            break;
        }
        case Call::reset: core.reset(); break;
        case Call::tuning: core.setTuning (numbers (static_cast<std::size_t> (integer()))); break;
        case Call::path:
        {
            const auto coordinates = numbers (static_cast<std::size_t> (integer()));
            same ("whether a path was taken", 1, core.setPath (coordinates) ? 1 : 0);
            break;
        }
        case Call::block: core.announceBlock (integer()); break;
        case Call::state:
            same ("activeVoices", integer(), core.activeVoices());
            same ("underruns", integer(), core.underruns());
            same ("faults", integer(), core.faults());
            same ("hopSize", integer(), core.hopSize());
            same ("fftSize", integer(), core.fftSize());
            same ("the voice report", numbers (static_cast<std::size_t> (integer())), core.voiceReport().data());
            same ("the latent", numbers (static_cast<std::size_t> (integer())), core.latent().data());
            break;
        default: throw std::runtime_error ("A transcript holds an unknown call.");
    }
    if (const char* why = core.trap(); why != nullptr && differing.empty())
        differing = why;
    return differing.empty();
}

std::filesystem::path transcriptFolder()
{
    return TIMBREFOLD_TRANSCRIPTS;
}

std::vector<std::string> transcriptNames()
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator (transcriptFolder()))
        if (entry.path().extension() == ".transcript")
            names.push_back (entry.path().stem().string());
    std::sort (names.begin(), names.end());
    return names;
}
} // namespace timbrefold::tests
