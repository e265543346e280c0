// What moves thirty times a second: the player, the host's automation, meters.
#include "Instrument.h"
#include "JsonText.h"

#include <algorithm>
#include <cmath>

namespace timbrefold
{
bool Instrument::poll()
{
    bool watched = false;
    {
        const Lock lock (mutex);
        play.collect();
        followPlayer();
        followLoading();
        lookForModel();
        if (std::exchange (repeat, false))
        {
            said.clear();
            greet();
            tellHost (&InstrumentHost::programChanged);
        }
        followParameters();
        measure();
        watched = ! listeners.empty() || loading != nullptr || loaded == nullptr;
    }
    return deliver() || watched;
}

bool Instrument::asksForPolls() const
{
    const Lock lock (mutex);
    return play.prepared() && ! play.rendersOffline();
}

bool Instrument::hasNews() const
{
    if (repeat || loading != nullptr || loaded == nullptr || ! listeners.empty() || ! said.empty() || ! forHost.empty() || play.hasNews())
        return true;
    for (std::size_t i = 0; i < parameters.size(); i++)
        if (values.plain (i) != hostKnows.plain (i))
            return true;
    return false;
}

void Instrument::look()
{
    // Whoever holds the lock may be waiting for this thread to end, and something to do is still there the next time.
    const std::unique_lock lock (mutex, std::try_to_lock);
    if (lock.owns_lock() && host != nullptr && hasNews())
        host->pollSoon();
}

void Instrument::followPlayer()
{
    PlayerNote note {};
    while (play.take (note))
    {
        const auto at = static_cast<std::size_t> (note.number);
        if (note.kind == PlayerNote::keyDown || note.kind == PlayerNote::keyUp)
            say ({ { "type", "key" }, { "key", note.number }, { "down", note.kind == PlayerNote::keyDown } });
        else if (note.kind == PlayerNote::learned)
        {
            // A controller moves one parameter, a parameter follows one controller.
            std::replace (controllers.begin(), controllers.end(), note.number, -1);
            controllers[static_cast<std::size_t> (note.parameter)] = note.number;
            learning = -1;
            applyControllers();
            tellHost (&InstrumentHost::sessionChanged);
        }
        else if (loaded != nullptr && at < loaded->bundle.presets.size())
        {
            // The player has the sound already, at its sample; only what it leaves to us is missing.
            forgetState();
            preset = loaded->bundle.presets[at];
            presetIndex = note.number;
            path = preset.path;
            submit (Change::walk);
            say ({ { "type", "path" }, { "path", pathJson (path) } });
            saySound();
            tellHost (&InstrumentHost::programChanged);
            tellHost (&InstrumentHost::sessionChanged);
        }
    }
}

/** Echoes to the faces what the host and the player have moved, and to the host what the player has moved. */
void Instrument::followParameters()
{
    auto moved = Json::object();
    for (std::size_t i = 0; i < echoed.size(); i++)
    {
        const float now = values.plain (i);
        if (now != hostKnows.plain (i))
            tellHost (i, now);
        if (now == echoed[i])
            continue;
        echoed[i] = now;
        moved[parameters[i].id] = shortest (now);
    }
    if (! moved.empty())
        say ({ { "type", "parameters" }, { "values", std::move (moved) } });
}

void Instrument::measure()
{
    const auto* meters = play.meters();
    if (listeners.empty() || meters == nullptr)
        return;
    auto voices = Json::array();
    for (std::size_t at = 0; at < meters->voices.size(); at += protocol::voiceReport)
        if (const float* voice = meters->voices.data() + at; voice[0] != 0)
            voices.push_back ({ { "channel", static_cast<int> (voice[1]) }, { "key", static_cast<int> (voice[2]) }, { "level", shortest (voice[3]) }, { "x", shortest (voice[4]) },
                                { "y", shortest (voice[5]) }, { "seconds", shortest (voice[6]) } });
    const bool sounding = ! voices.empty();
    const auto now = std::chrono::steady_clock::now();
    const auto busy = play.decoderBusyNs();
    const auto span = std::chrono::nanoseconds (now - measuredAt).count();
    const double load = measuredAt.time_since_epoch().count() == 0 || span <= 0 ? -1 : std::clamp (static_cast<double> (busy - busyBefore) / static_cast<double> (span), 0.0, 1.0);
    measuredAt = now;
    busyBefore = busy;
    const bool resting = ! sounding && meters->peakLeft == 0 && meters->peakRight == 0 && play.decoderWaiting() == 0;
    // Silence that was shown already need not be painted thirty times a second.
    if (! resting || ! rests)
        say ({ { "type", "meters" },
               { "peakLeft", shortest (meters->peakLeft) },
               { "peakRight", shortest (meters->peakRight) },
               { "voices", std::move (voices) },
               { "underruns", meters->underruns },
               { "decoderLoad", std::round (load * 1000) / 1000 },
               { "decoderWaiting", play.decoderWaiting() } });
    rests = resting;
    if (scope == nullptr || (! sounding && ! wave))
        return;
    scope->look (play.recent());
    if (sounding)
        say ({ { "type", "spectrum" }, { "levelsDb", toBase64 (scope->spectrumDb()) }, { "binHz", sampleRate / static_cast<double> (Scope::size) } });
    if (wave)
        say ({ { "type", "wave" }, { "samples", toBase64 (scope->wave()) }, { "sampleRate", sampleRate } });
}
} // namespace timbrefold
