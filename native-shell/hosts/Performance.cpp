// The thread that calls `perform` is the audio thread; all others are the instrument's own.
#include "Performance.h"
#include "DssiInstance.h"
#include "EngineInstance.h"
#include "Lv2Instance.h"
#include "Score.h"
#include "Usage.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace timbrefold::hosts
{
namespace
{
using Json = nlohmann::json;

/** In real time, how far a block may come before its time: sleeping for less than this is not worth a system call. */
constexpr std::int64_t paceNanoseconds = 1'000'000;

void sleepUntil (std::int64_t nanoseconds)
{
    const timespec until { .tv_sec = nanoseconds / 1'000'000'000, .tv_nsec = nanoseconds % 1'000'000'000 };
    clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

std::string readFile (const std::string& path)
{
    std::ifstream file (path);
    if (! file)
        throw std::runtime_error (path + " cannot be read.");
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/** Writes the samples that were asked for, interleaved. */
class Recording
{
public:
    Recording (const std::string& path, const Json& keep, double sampleRate) : file (path, std::ios::binary)
    {
        if (! file)
            throw std::runtime_error (path + " cannot be written.");
        for (const auto& span : keep)
            spans.emplace_back (std::llround (span.at (0).get<double>() * sampleRate), std::llround (span.at (1).get<double>() * sampleRate));
    }

    void take (const float* left, const float* right, int frames, std::int64_t position)
    {
        interleaved.clear();
        for (int i = 0; i < frames; i++)
        {
            const auto at = position + i;
            if (! spans.empty() && std::none_of (spans.begin(), spans.end(), [at] (const auto& span) { return span.first <= at && at < span.second; }))
                continue;
            interleaved.push_back (left[i]);
            interleaved.push_back (right[i]);
        }
        file.write (reinterpret_cast<const char*> (interleaved.data()), static_cast<std::streamsize> (interleaved.size() * sizeof (float)));
    }

private:
    std::ofstream file;
    std::vector<std::pair<std::int64_t, std::int64_t>> spans;
    std::vector<float> interleaved;
};

/** Opens instances of what a request names. */
class Opener
{
public:
    explicit Opener (const Json& request)
    {
        if (request.contains ("dssi"))
        {
            dssi = request.at ("dssi");
            return;
        }
        if (request.contains ("engine"))
        {
            bundle = request.at ("engine").at ("bundle");
            return;
        }
        lv2 = request.at ("lv2");
        world = std::make_unique<Lv2World> (lv2.value ("bundle", ""));
        plugin = world->find (lv2.at ("uri"));
    }

    std::unique_ptr<Instrument> operator() (double sampleRate, int maxBlock) const
    {
        if (! bundle.empty())
            return std::make_unique<EngineInstance> (bundle, sampleRate, maxBlock);
        if (world == nullptr)
            return std::make_unique<DssiInstance> (dssi.at ("library"), sampleRate, maxBlock, dssi.at ("bank"), dssi.at ("program"));
        auto instance = std::make_unique<Lv2Instance> (*world, plugin, sampleRate, maxBlock);
        if (lv2.contains ("preset"))
            instance->loadPreset (lv2.at ("preset"));
        return instance;
    }

private:
    Json dssi, lv2;
    std::string bundle;
    std::unique_ptr<Lv2World> world;
    const LilvPlugin* plugin = nullptr;
};

double percentile (std::vector<std::int64_t>& values, double share)
{
    if (values.empty())
        return 0;
    const auto at = values.begin() + static_cast<std::ptrdiff_t> (share * static_cast<double> (values.size() - 1));
    std::nth_element (values.begin(), at, values.end());
    return static_cast<double> (*at);
}

/** What was measured while playing. */
struct Log
{
    std::vector<std::int64_t> blockNanoseconds;
    std::vector<std::int64_t> memory;
    std::int64_t firstSound = -1;
    std::int64_t notFinite = 0;
    float peak = 0;
};

void listen (Log& log, const Instrument& instrument, int frames, std::int64_t position)
{
    for (int i = 0; i < frames; i++)
    {
        const float loudest = std::max (std::abs (instrument.left()[i]), std::abs (instrument.right()[i]));
        if (! std::isfinite (instrument.left()[i]) || ! std::isfinite (instrument.right()[i]))
            log.notFinite++;
        else if (loudest > 0 && log.firstSound < 0)
            log.firstSound = position + i;
        log.peak = std::max (log.peak, loudest);
    }
}
} // namespace

Json perform (const Json& request)
{
    const double sampleRate = request.at ("sampleRate");
    const double seconds = request.at ("seconds");
    const bool offline = request.at ("offline");
    const auto blocks = request.at ("blocks").get<std::vector<int>>();
    const auto score = readScore (request.at ("score"), sampleRate, seconds);

    const Opener open (request);
    const int longest = *std::max_element (blocks.begin(), blocks.end());
    Json opened = Json::array();
    std::vector<std::unique_ptr<Instrument>> instances;
    for (int i = 0; i < request.value ("instances", 1); i++)
    {
        const auto bytesBefore = privateBytes();
        const auto began = wallNanoseconds();
        instances.push_back (open (sampleRate, longest));
        const auto took = wallNanoseconds() - began;
        opened.push_back ({ { "milliseconds", static_cast<double> (took) * 1e-6 }, { "privateBytes", privateBytes() - bytesBefore } });
    }
    auto& instrument = *instances.front();
    instrument.setFreeWheeling (offline);
    if (request.contains ("stateIn"))
        instrument.restoreState (readFile (request.at ("stateIn")));

    std::optional<Recording> recording;
    if (request.contains ("audio"))
        recording.emplace (request.at ("audio"), request.value ("keep", Json::array()), sampleRate);

    Log log;
    const auto total = std::llround (seconds * sampleRate);
    const auto settle = std::llround (request.value ("settleSeconds", 0.0) * sampleRate);
    const auto memoryEvery = std::llround (request.value ("memoryEvery", 0.0) * sampleRate);
    log.blockNanoseconds.resize (static_cast<std::size_t> (total) / static_cast<std::size_t> (*std::min_element (blocks.begin(), blocks.end())) + 1);
    // Its pages are touched before the first look at the memory, and do not count as the instrument's.
    log.blockNanoseconds.clear();
    std::map<int, std::int64_t> othersBefore;
    std::int64_t audioBefore = 0;
    std::int64_t wallBefore = 0;
    const auto start = wallNanoseconds();
    std::size_t turn = 0;
    std::size_t next = 0;
    const auto lateFrom = std::llround (request.value ("lateFrom", 0.0) * sampleRate);
    int lateBefore = 0;
    for (std::int64_t position = -settle; position < total;)
    {
        if (position >= 0 && wallBefore == 0)
        {
            othersBefore = otherThreads();
            wallBefore = wallNanoseconds();
            audioBefore = threadNanoseconds();
        }
        // The score begins with a block of its own.
        const auto end = position < 0 ? 0 : total;
        const int frames = static_cast<int> (std::min<std::int64_t> (blocks[turn++ % blocks.size()], end - position));
        if (! offline)
        {
            const auto due = start + static_cast<std::int64_t> (static_cast<double> (position + settle) / sampleRate * 1e9);
            if (due - wallNanoseconds() > paceNanoseconds)
                sleepUntil (due);
        }
        for (; next < score.size() && score[next].sample < position + frames; next++)
        {
            const int offset = static_cast<int> (score[next].sample - position);
            if (score[next].parameter.empty())
                instrument.midi (offset, score[next].midi);
            else
                instrument.move (offset, score[next].parameter, score[next].plain);
        }
        const auto before = threadNanoseconds();
        instrument.run (frames);
        if (position >= 0)
            log.blockNanoseconds.push_back (threadNanoseconds() - before);
        listen (log, instrument, frames, position);
        if (recording && position >= 0)
            recording->take (instrument.left(), instrument.right(), frames, position);
        if (memoryEvery > 0 && position >= 0 && position / memoryEvery != (position + frames) / memoryEvery)
            log.memory.push_back (privateBytes());
        position += frames;
        if (position <= lateFrom)
            lateBefore = instrument.lateFrames();
    }
    const auto wall = wallNanoseconds() - wallBefore;
    const auto hostAndAudio = threadNanoseconds() - audioBefore;
    std::int64_t others = 0;
    for (const auto& [thread, spent] : otherThreads())
        others += spent - (othersBefore.contains (thread) ? othersBefore.at (thread) : 0);

    if (request.contains ("stateOut"))
        std::ofstream (request.at ("stateOut").get<std::string>()) << instrument.saveState();

    std::int64_t audio = 0;
    for (const auto spent : log.blockNanoseconds)
        audio += spent;
    const auto count = log.blockNanoseconds.size();
    return { { "instances", opened },
             { "latency", instrument.latency() },
             { "firstSoundSample", log.firstSound },
             { "peak", log.peak },
             { "notFinite", log.notFinite },
             { "lateFrames", instrument.lateFrames() - lateBefore },
             { "blocks", count },
             { "blockMicroseconds",
               { { "median", percentile (log.blockNanoseconds, 0.5) * 1e-3 }, { "p999", percentile (log.blockNanoseconds, 0.999) * 1e-3 }, { "max", percentile (log.blockNanoseconds, 1.0) * 1e-3 } } },
             { "audioSeconds", static_cast<double> (audio) * 1e-9 },
             { "hostSeconds", static_cast<double> (hostAndAudio - audio) * 1e-9 },
             { "otherSeconds", static_cast<double> (others) * 1e-9 },
             { "wallSeconds", static_cast<double> (wall) * 1e-9 },
             { "seconds", seconds },
             { "privateBytes", log.memory } };
}
} // namespace timbrefold::hosts
