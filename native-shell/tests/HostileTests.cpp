// What hosts do in the end: any rate, any block, storms of events, notes without end, calls from two threads at once. Never a crash, a hang or a number that is none.
#include "Played.h"

#include <atomic>
#include <doctest/doctest.h>
#include <limits>

using namespace timbrefold;
using namespace timbrefold::tests;

TEST_CASE ("rates from 8 to 768 kHz: those the core knows sound, the others are silent and said")
{
    Played played;
    for (double rate : { 22'050.0, 44'100.0, 48'000.0, 96'000.0, 192'000.0 })
    {
        CAPTURE (rate);
        played.instrument.prepare (rate, true);
        CHECK (peakOf (played.note (4800)) > 0.001f);
    }
    for (double rate : { 8'000.0, 16'000.0, 352'800.0, 768'000.0, 0.0, -1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity() })
    {
        CAPTURE (rate);
        for (bool offline : { false, true })
        {
            played.instrument.prepare (rate, offline);
            CHECK (peakOf (played.note (4800)) == 0.0f);
        }
        played.instrument.poll();
        CHECK (played.last ("notice")["text"].get<std::string>().find ("22050 to 192000 Hz") != std::string::npos);
    }
    played.instrument.prepare (48'000, true);
    CHECK (peakOf (played.note (4800)) > 0.001f);
}

TEST_CASE ("blocks of no length, of one sample and larger than was announced; one channel")
{
    Played played;
    played.instrument.prepare (48'000, true);
    auto& player = played.instrument.player();
    float nothing = 0.25f;
    player.begin (&nothing, &nothing, 0);
    player.midi (0, 0x90, 60, 100);
    player.end();
    CHECK (nothing == 0.25f);
    const auto once = played.note (50'000, 60, 50'000);
    played.instrument.prepare (48'000, true);
    CHECK (played.note (50'000, 60, 1) == once);
    played.instrument.prepare (48'000, true);
    std::vector<float> single (5000);
    player.begin (single.data(), nullptr, 5000);
    player.midi (0, 0x90, 60, 100);
    player.end();
    CHECK (peakOf (single) > 0.001f);
}

TEST_CASE ("ten thousand events in a block, at one sample or spread, and the instrument still plays")
{
    for (bool offline : { true, false })
        for (int where : { 0, 255, -1 })
        {
            CAPTURE (where);
            Played played;
            played.instrument.prepare (48'000, offline);
            std::uint32_t random = 7;
            const auto storm = [&random, where] (Player& player, int, int count)
            {
                for (int i = 0; i < 10'000; i++)
                {
                    random = random * 1664525u + 1013904223u;
                    player.midi (where < 0 ? i * count / 10'000 : where, static_cast<std::uint8_t> (0x80 | ((random >> 8) & 0x7f)), static_cast<std::uint8_t> (random >> 16),
                                 static_cast<std::uint8_t> (random >> 24));
                }
            };
            CHECK (peakOf (played.render (1024, 256, storm)) < 100.0f);
            for (int channel = 0; channel < 16; channel++)
                played.render (64, 64, [channel] (Player& player, int, int) { player.midi (0, static_cast<std::uint8_t> (0xb0 | channel), 120, 0); });
            played.render (9600);
            CHECK (peakOf (played.render (9600)) == 0.0f);
            CHECK (played.instrument.player().trap() == nullptr);
        }
}

TEST_CASE ("notes whose end was lost in a storm do not hang")
{
    Played played;
    played.instrument.prepare (48'000, true);
    const auto flood = [] (Player& player, int, int count)
    {
        for (int i = 0; i < 9'000; i++)
            player.midi (count - 1, 0x90, static_cast<std::uint8_t> (i % 128), 100);
        for (int i = 0; i < 128; i++)
            player.midi (count - 1, 0x80, static_cast<std::uint8_t> (i), 0);
    };
    played.render (256, 256, flood);
    played.render (48'000);
    played.render (48'000);
    CHECK (peakOf (played.render (4800)) < 1e-3f);
}

TEST_CASE ("all notes off, all sound off and reset end what sounds; notes without end go on until then")
{
    const auto held = [] (int controller)
    {
        Played played;
        played.instrument.prepare (48'000, true);
        played.note (4800);
        played.render (512, 512, [controller] (Player& player, int, int) { player.midi (0, 0xb0, static_cast<std::uint8_t> (controller), 0); });
        if (controller == 0)
            played.instrument.player().reset();
        played.render (96'000);
        return peakOf (played.render (4800));
    };
    CHECK (held (1) > 1e-5f);
    CHECK (held (120) == 0.0f);
    CHECK (held (123) == 0.0f);
    CHECK (held (0) == 0.0f);
}

TEST_CASE ("MPE by its configuration message: a member channel bends its own note alone")
{
    const auto pitchOf = [] (bool bend)
    {
        Played played;
        played.instrument.prepare (48'000, true);
        return played.render (24'000,
                              512,
                              [bend] (Player& player, int from, int)
                              {
                                  if (from != 0)
                                      return;
                                  // The lower zone with seven members.
                                  player.midi (0, 0xb0, 101, 0);
                                  player.midi (0, 0xb0, 100, 6);
                                  player.midi (0, 0xb0, 6, 7);
                                  player.midi (1, 0x91, 60, 100);
                                  if (bend)
                                      player.midi (2, 0xe2, 0x7f, 0x7f);
                                  else
                                      player.midi (2, 0xe1, 0x7f, 0x7f);
                              });
    };
    // A bend of another member's channel leaves the note alone, one of its own does not.
    const auto crossings = [] (const std::vector<float>& samples)
    {
        int count = 0;
        for (std::size_t i = 12'001; i < samples.size(); i++)
            count += samples[i - 1] < 0 && samples[i] >= 0 ? 1 : 0;
        return count;
    };
    Played plain;
    plain.instrument.prepare (48'000, true);
    const int usual = crossings (plain.note (24'000));
    CHECK (crossings (pitchOf (true)) == doctest::Approx (usual).epsilon (0.05));
    CHECK (crossings (pitchOf (false)) > 3 * usual);
}

TEST_CASE ("what hosts call from two threads at once does no harm")
{
    const TemporaryFolder folder;
    const auto other = otherModel ("test.threads", "Threads");
    folder.write ("t.timbre", other);
    // Kept open, so that the threads spend their time on each other and not on reading it again and again.
    const auto open = models::open (other, "t.timbre");
    for (bool offline : { false, true })
    {
        Instrument instrument (surroundingsWith (folder.path));
        const auto factoryState = instrument.state();
        auto otherJson = Json::parse (factoryState);
        otherJson["preset"]["model"]["id"] = "test.threads";
        const auto otherState = otherJson.dump();
        instrument.prepare (48'000, offline);
        std::atomic<bool> stop { false };
        std::atomic<int> blocks { 0 };
        float worst = 0;
        std::thread audio (
            [&]
            {
                std::vector<float> left (512), right (512);
                std::uint32_t random = 3;
                while (! stop.load())
                {
                    random = random * 1664525u + 1013904223u;
                    const int count = 1 + static_cast<int> (random >> 24) * 2;
                    auto& player = instrument.player();
                    player.begin (left.data(), right.data(), count);
                    player.midi (0, 0x90, static_cast<std::uint8_t> (random >> 10), 90);
                    player.midi (count / 2, 0x80, static_cast<std::uint8_t> (random >> 11), 0);
                    player.midi (count / 2, 0xb0, 74, static_cast<std::uint8_t> (random >> 12));
                    player.end();
                    worst = std::max (worst, peakOf (std::span (left).first (static_cast<std::size_t> (count))));
                    instrument.automate (static_cast<int> (random % parameters.size()), static_cast<float> (random >> 8) / static_cast<float> (1 << 24));
                    blocks.fetch_add (1);
                }
            });
        std::thread host (
            [&]
            {
                for (int i = 0; ! stop.load(); i++)
                {
                    instrument.restore (i % 3 == 0 ? otherState : i % 3 == 1 ? factoryState : std::string_view ("rubbish"));
                    instrument.selectProgram (i % 9);
                    CHECK_FALSE (instrument.state().empty());
                    instrument.programName (i % 9);
                }
            });
        int heard = 0;
        const int subscription = instrument.subscribe ([&heard] (const Json&) { heard++; });
        for (int i = 0; i < 25 || blocks.load() < 25; i++)
        {
            if (i % 20 == 0)
                instrument.handle ({ { "type", "hello" } });
            instrument.handle ({ { "type", "parameter" }, { "id", "macro1" }, { "value", (i % 10) / 10.0 } });
            instrument.handle ({ { "type", "noteOn" }, { "key", 60 + i % 12 }, { "velocity", 0.5 }, { "channel", 0 } });
            instrument.handle ({ { "type", "selectPreset" }, { "index", i % 5 } });
            instrument.poll();
        }
        stop.store (true);
        audio.join();
        host.join();
        instrument.unsubscribe (subscription);
        CHECK (heard > 25);
        CHECK (std::isfinite (worst));
        CHECK (worst < 100.0f);
        CHECK (instrument.player().trap() == nullptr);
    }
}
