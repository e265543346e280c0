// The instrument as a face and a host meet it: presets, parameters, sessions, models that come and go, MIDI learn, programs.
#include "Played.h"
#include "JsonText.h"

#include <doctest/doctest.h>

using namespace timbrefold;
using namespace timbrefold::tests;

namespace
{
constexpr int half = 24'000;

void learnController (Played& played, const std::string& id, std::uint8_t number, std::uint8_t value)
{
    CHECK (played.instrument.handle ({ { "type", "learn" }, { "id", id } }));
    played.render (64, 64, [=] (Player& player, int, int) { player.midi (0, 0xb0, number, value); });
    played.instrument.poll();
}
} // namespace

TEST_CASE ("hello is answered with everything a face has to know")
{
    Played played;
    CHECK (played.instrument.handle ({ { "type", "hello" } }));
    const auto model = played.last ("model")["model"];
    CHECK (model["id"] == "timbrefold.atlas");
    CHECK (model["macros"].size() == 8);
    CHECK (model["points"].size() > 10);
    CHECK (fromBase64 (model["space"]["latents"].get<std::string>()).size() == model["points"].size() * model["space"]["dim"].get<std::size_t>() * 4);
    CHECK (model["presets"][0]["name"] == played.last ("sound")["preset"]["name"]);
    CHECK (played.last ("sound")["index"] == 0);
    CHECK (played.last ("parameters")["values"].size() == parameters.size());
    CHECK (played.last ("corners")["corners"].size() == 4);
    CHECK (played.last ("tuning")["tuning"].is_null());
    CHECK (played.last ("learned")["controllers"].empty());
}

TEST_CASE ("a note sounds in the block it is played in, offline and in real time, and in silence there is silence")
{
    Played played;
    played.instrument.prepare (48'000, true);
    CHECK (peakOf (played.render (4800)) == 0.0f);
    CHECK (peakOf (played.note (half)) > 0.01f);
    played.instrument.prepare (48'000, false);
    float peak = 0;
    for (int i = 0; i < 2000 && peak == 0.0f; i++)
    {
        peak = i % 50 == 0 ? peakOf (played.note (512)) : peakOf (played.render (512));
        // The decoder's thread looks for rows some hundred times a second.
        std::this_thread::sleep_for (std::chrono::milliseconds (1));
    }
    CHECK (peak > 0.0f);
    played.instrument.release();
    CHECK (peakOf (played.note (512)) == 0.0f);
}

TEST_CASE ("a parameter of a face is snapped, echoed, told to the host and heard of in the state")
{
    Played played;
    CHECK (played.instrument.handle ({ { "type", "gesture" }, { "id", "unison" }, { "phase", "begin" } }));
    CHECK (played.instrument.handle ({ { "type", "parameter" }, { "id", "unison" }, { "value", 3.4 } }));
    CHECK (played.instrument.handle ({ { "type", "gesture" }, { "id", "unison" }, { "phase", "end" } }));
    const auto index = findParameter ("unison");
    CHECK (played.last ("parameters")["values"] == Json ({ { "unison", 3 } }));
    REQUIRE (played.host.moved.size() == 1);
    CHECK (played.host.moved[0].first == index);
    CHECK (toPlain (parameters[static_cast<std::size_t> (index)], played.host.moved[0].second) == 3.0f);
    CHECK (played.host.gestures == std::vector<std::pair<int, bool>> { { index, true }, { index, false } });
    CHECK (Json::parse (played.instrument.state())["values"]["unison"] == 3);
    // The host gives back what it was told: nothing moves, nobody is told again.
    played.heard.clear();
    played.instrument.automate (index, played.host.moved[0].second);
    played.instrument.poll();
    CHECK (played.host.moved.size() == 1);
    CHECK (played.last ("parameters").is_null());
}

TEST_CASE ("the host's automation reaches faces but not the host again")
{
    Played played;
    const auto index = findParameter ("tilt");
    played.instrument.automate (index, 0.75f);
    CHECK (played.instrument.plain (index) == 6.0f);
    played.heard.clear();
    played.instrument.poll();
    CHECK (played.last ("parameters")["values"] == Json ({ { "tilt", 6 } }));
    CHECK (played.host.moved.empty());
    played.instrument.automate (index, std::nanf (""));
    CHECK (std::isfinite (played.instrument.plain (index)));
}

TEST_CASE ("requests that make no sense are answered by a notice, and those of others are left to them")
{
    Played played;
    for (const char* bad : { R"({"type":"parameter","id":"nosuch","value":1})", R"({"type":"parameter","id":"tilt"})", R"({"type":"noteOn","key":200,"velocity":1,"channel":0})",
                             R"({"type":"setPath","path":[0.5]})", R"({"type":"setPath","path":[0.5,7]})", R"({"type":"setTuning","tuning":{"name":"x","notes":[1]}})",
                             R"({"type":"setCorner","corner":9,"sound":{"point":0}})", R"({"type":"setCorner","corner":0,"sound":{"point":1000000}})",
                             R"({"type":"loadPreset","fileName":"x","text":"{"})", R"({"type":"restore","state":{}})", R"({"type":"loadBundle","fileName":"x","bytes":"?"})" })
    {
        played.heard.clear();
        CAPTURE (bad);
        CHECK (played.instrument.handle (Json::parse (bad)));
        CHECK (played.last ("notice")["tone"] == "error");
        CHECK (played.last ("notice")["text"].get<std::string>().ends_with ('.'));
    }
    CHECK_FALSE (played.instrument.handle ({ { "type", "resize" }, { "width", 1 }, { "height", 1 } }));
    CHECK_FALSE (played.instrument.handle ({ { "type", "keep" }, { "place", "user" }, { "value", 1 } }));
    CHECK_FALSE (played.instrument.handle (Json()));
}

TEST_CASE ("a session restored in another instance, twice and at another rate, is the same session and the same sound")
{
    Played first;
    first.instrument.selectProgram (3);
    CHECK (first.instrument.program() == 3);
    first.instrument.handle ({ { "type", "parameter" }, { "id", "macro2" }, { "value", 0.8125 } });
    first.instrument.handle ({ { "type", "setCorner" }, { "corner", 1 }, { "sound", { { "point", 5 } } } });
    first.instrument.handle ({ { "type", "setPath" }, { "path", { 0.1, 0.2, 0.3, 0.4 } } });
    first.instrument.keepInSession ("editor", { { "width", 1000 } });
    const auto state = first.instrument.state();
    first.instrument.prepare (48'000, true);
    const auto sound = first.note (half);

    Played second;
    second.instrument.prepare (96'000, true);
    second.note (half);
    second.instrument.restore (state);
    CHECK (second.instrument.state() == state);
    second.instrument.restore (state);
    CHECK (second.instrument.state() == state);
    CHECK (second.instrument.program() == 3);
    CHECK (second.instrument.keptInSession ("editor")["width"] == 1000);
    second.instrument.prepare (48'000, true);
    CHECK (second.instrument.state() == state);
    CHECK (second.note (half) == sound);
    second.instrument.poll();
    CHECK (second.last ("sound")["index"] == 3);
    CHECK (second.last ("path")["path"].size() == 4);
    // What the host itself restores is nothing that it would have to save.
    CHECK (second.host.sessions == 0);
    CHECK (second.host.programs > 0);
    second.instrument.handle ({ { "type", "setCorner" }, { "corner", 0 }, { "sound", { { "point", 1 } } } });
    CHECK (second.host.sessions == 1);
}

TEST_CASE ("a state restored while a note sounds is the sound of the next note")
{
    Played played;
    const auto before = played.instrument.state();
    played.instrument.prepare (48'000, true);
    played.instrument.selectProgram (5);
    played.note (4800);
    played.instrument.restore (before);
    CHECK (peakOf (played.note (4800, 64)) > 0.001f);
    CHECK (played.instrument.state() == before);
}

TEST_CASE ("a newer version's state is given back byte for byte, in silence, until another sound is chosen")
{
    Played played;
    played.instrument.prepare (48'000, true);
    const std::string newer = R"({"format":"timbrefold-state","version":7,"preset":{"wonder":[1,2]},"padding":"  x"})";
    played.instrument.restore (newer);
    CHECK (played.instrument.state() == newer);
    played.instrument.poll();
    CHECK (played.last ("notice")["text"].get<std::string>().find ("update Timbrefold") != std::string::npos);
    CHECK (peakOf (played.note (4800)) == 0.0f);
    played.instrument.handle ({ { "type", "parameter" }, { "id", "tilt" }, { "value", 3 } });
    CHECK (played.instrument.state() == newer);
    played.instrument.handle ({ { "type", "selectPreset" }, { "index", 1 } });
    CHECK (Json::parse (played.instrument.state())["version"] == 1);
    CHECK (peakOf (played.note (4800)) > 0.001f);
}

TEST_CASE ("rubbish as a state changes nothing")
{
    Played played;
    played.instrument.handle ({ { "type", "parameter" }, { "id", "tilt" }, { "value", 3 } });
    const auto state = played.instrument.state();
    for (const std::string& rubbish : { std::string(), std::string ("\0\1\2", 3), std::string ("{}"), std::string (5000, '[') })
    {
        played.instrument.restore (rubbish);
        CHECK (played.instrument.state() == state);
    }
}

TEST_CASE ("a session whose model is missing keeps everything in silence, and sounds when the model comes into the folder")
{
    const TemporaryFolder folder;
    const auto bytes = otherModel ("test.other", "Other");
    std::string state;
    std::vector<float> sound;
    {
        Played author;
        author.load ("other.timbre", bytes);
        CHECK (author.instrument.model()->bundle.name == "Other");
        author.instrument.selectProgram (2);
        state = author.instrument.state();
        author.instrument.prepare (48'000, true);
        sound = author.note (half);
    }
    Played played (folder.path);
    played.instrument.prepare (48'000, true);
    played.instrument.restore (state);
    CHECK (played.instrument.model() == nullptr);
    CHECK (played.instrument.state() == state);
    CHECK (peakOf (played.note (4800)) == 0.0f);
    played.instrument.poll();
    CHECK (played.last ("model")["model"].is_null());
    CHECK (played.last ("notice")["text"].get<std::string>().find ("The model Other (test.other") == 0);
    CHECK (played.instrument.programName (0).find ("model missing") != std::string::npos);

    // Values may still be moved, and are kept.
    played.instrument.handle ({ { "type", "parameter" }, { "id", "tilt" }, { "value", 3 } });
    CHECK (Json::parse (played.instrument.state())["values"]["tilt"] == 3);
    played.instrument.restore (state);

    folder.write ("renamed by its owner.timbre", bytes);
    for (int i = 0; i < 200 && played.instrument.model() == nullptr; i++)
        played.instrument.poll();
    REQUIRE (played.instrument.model() != nullptr);
    CHECK (played.instrument.state() == state);
    played.instrument.prepare (48'000, true);
    CHECK (played.note (half) == sound);
}

TEST_CASE ("a model folder that cannot be read costs a missing model's sound and nothing else")
{
    std::string state;
    {
        Played author;
        author.load ("other.timbre", otherModel ("test.other", "Other"));
        state = author.instrument.state();
    }
    const TemporaryFolder folder;
    folder.write ("a file", Bytes (10));
    for (const auto& path : { folder.path / "a file", folder.path / "nothing" })
    {
        Played played (path);
        played.instrument.prepare (48'000, true);
        CHECK (peakOf (played.note (half)) > 0.01f);
        played.instrument.restore (state);
        for (int i = 0; i < 50; i++)
            played.instrument.poll();
        CHECK (played.instrument.model() == nullptr);
        CHECK (played.last ("notice")["text"].get<std::string>().find ("The model Other (test.other") == 0);
        CHECK (played.instrument.state() == state);
        CHECK (peakOf (played.note (4800)) == 0.0f);
    }
}

TEST_CASE ("the missing model may be handed in, another may be chosen instead, and a wrong one loses nothing")
{
    const auto bytes = otherModel ("test.handed", "Handed");
    std::string state;
    {
        Played author;
        author.load ("h.timbre", bytes);
        state = author.instrument.state();
    }
    Played played;
    played.instrument.restore (state);
    REQUIRE (played.instrument.model() == nullptr);
    played.load ("wrong.timbre", otherModel ("test.wrong", "Wrong"));
    CHECK (played.instrument.model()->bundle.name == "Wrong");
    CHECK (played.instrument.state() == state);
    played.load ("h.timbre", bytes);
    CHECK (played.instrument.model()->bundle.name == "Handed");
    CHECK (played.instrument.state() == state);

    Played third;
    third.instrument.restore (state);
    third.instrument.handle ({ { "type", "selectPreset" }, { "index", 0 } });
    CHECK (third.instrument.model() != nullptr);
    CHECK (Json::parse (third.instrument.state())["preset"]["model"]["id"] == third.instrument.model()->bundle.identity.id);
}

TEST_CASE ("a session may carry its model with it")
{
    std::string state;
    {
        Played author;
        author.load ("c.timbre", otherModel ("test.carried", "Carried"));
        CHECK (author.instrument.state().size() < 100'000);
        author.instrument.embedModel (true);
        state = author.instrument.state();
        CHECK (state.size() > 1'000'000);
    }
    Played played;
    played.instrument.restore (state);
    REQUIRE (played.instrument.model() != nullptr);
    CHECK (played.instrument.model()->bundle.name == "Carried");
    CHECK (played.instrument.state() == state);
    // The factory's model is everywhere already.
    Played factory;
    factory.instrument.embedModel (true);
    CHECK (factory.instrument.state().size() < 100'000);
}

TEST_CASE ("a bundle replaced or damaged while it plays changes nothing, and one that is refused leaves what plays")
{
    const TemporaryFolder folder;
    const auto bytes = otherModel ("test.replaced", "Replaced");
    folder.write ("r.timbre", bytes);
    Played played (folder.path);
    played.load ("r.timbre", bytes);
    played.instrument.prepare (48'000, true);
    const auto sound = played.note (4800);
    folder.write ("r.timbre", Bytes (1000, 7));
    played.instrument.prepare (48'000, true);
    CHECK (played.note (4800) == sound);
    played.load ("r.timbre", Bytes (1000, 7));
    CHECK (played.last ("notice")["text"] == "The model r.timbre was refused: it is damaged or truncated.");
    CHECK (played.instrument.model()->bundle.name == "Replaced");
}

TEST_CASE ("one model in a process is opened once, and closed by the last who plays it")
{
    const auto bytes = otherModel ("test.shared", "Shared");
    auto first = models::open (bytes, "a");
    const std::weak_ptr<const LoadedModel> watched = first;
    CHECK (models::open (bytes, "b") == first);
    CHECK (models::find (first->bundle.identity) == first);
    const auto identity = first->bundle.identity;
    first.reset();
    CHECK (watched.expired());
    CHECK (models::find (identity) == nullptr);
    Played a, b;
    CHECK (a.instrument.model() == b.instrument.model());
}

TEST_CASE ("a note that sounds ends on the model it began with, without a step, when another model is loaded")
{
    Played steady, switched;
    for (auto* played : { &steady, &switched })
    {
        played->instrument.prepare (48'000, true);
        played->note (half);
    }
    switched.load ("s.timbre", otherModel ("test.switched", "Switched"));
    CHECK (peakOf (steady.render (half)) > 0.001f);
    const auto after = switched.render (half);
    CHECK (peakOf (after) > 0.001f);
    float step = 0;
    for (std::size_t i = 1; i < after.size(); i++)
        step = std::max (step, std::abs (after[i] - after[i - 1]));
    CHECK (step < 0.5f * peakOf (after));
    CHECK (peakOf (switched.note (4800, 72)) > 0.001f);
}

TEST_CASE ("the host is asked to poll when there is something to do, and left alone otherwise")
{
    Played played;
    auto& instrument = played.instrument;
    instrument.prepare (48'000, true);
    CHECK_FALSE (instrument.asksForPolls());
    // A face watches: it wants to see.
    instrument.look();
    CHECK (played.host.polls.exchange (0) == 1);
    const int face = instrument.subscribe ([] (const Json&) {});
    instrument.unsubscribe (face);
    instrument.unsubscribe (face - 1);
    const auto asked = [&]
    {
        instrument.look();
        const bool was = played.host.polls.exchange (0) > 0;
        instrument.poll();
        instrument.look();
        CHECK (played.host.polls == 0);
        return was;
    };
    asked();
    CHECK_FALSE (asked());
    played.note (512);
    CHECK (asked());
    instrument.automate (static_cast<int> (macro1Index), 0.9f);
    CHECK_FALSE (asked());
    played.render (512, 512, [] (Player& player, int, int) { player.midi (0, 0xc0, 1, 0); });
    CHECK (asked());
    instrument.restore (instrument.state());
    CHECK (asked());
}

TEST_CASE ("in real time a thread of the instrument's own asks the host to poll")
{
    Played played;
    played.instrument.prepare (48'000, false);
    CHECK (played.instrument.asksForPolls());
    for (int i = 0; i < 2000 && played.host.polls == 0; i++)
        std::this_thread::sleep_for (std::chrono::milliseconds (5));
    CHECK (played.host.polls > 0);
    played.instrument.release();
    CHECK_FALSE (played.instrument.asksForPolls());
}

TEST_CASE ("a program change selects a preset at its sample, for faces and host, too")
{
    Played played;
    played.instrument.prepare (48'000, true);
    const auto wanted = played.instrument.programName (4);
    const auto program = [] (Player& player, int from, int)
    {
        if (from == 0)
        {
            player.midi (100, 0xc0, 4, 0);
            player.midi (100, 0x90, 60, 100);
        }
    };
    const auto heard = played.render (half, 512, program);
    CHECK (peakOf (std::span (heard).first (100)) == 0.0f);
    CHECK (peakOf (heard) > 0.001f);
    played.instrument.poll();
    CHECK (played.last ("sound")["index"] == 4);
    CHECK (played.presetName() == wanted);
    CHECK (played.instrument.program() == 4);
    CHECK (played.host.programs > 0);
    CHECK (played.host.sessions > 0);
    // The same as if it had been chosen before.
    Played chosen;
    chosen.instrument.selectProgram (4);
    chosen.instrument.prepare (48'000, true);
    const auto expected = chosen.render (half, 512, [] (Player& player, int from, int) { if (from == 0) player.midi (100, 0x90, 60, 100); });
    CHECK (rmsOf (heard) == doctest::Approx (rmsOf (expected)).epsilon (0.02));
    // A program that is not there is no change.
    played.render (512, 512, [] (Player& player, int, int) { player.midi (0, 0xc0, 127, 0); });
    played.instrument.poll();
    CHECK (played.instrument.program() == 4);
}

TEST_CASE ("a learned controller moves its parameter once it has met its value, and is kept in the session")
{
    Played played;
    played.instrument.prepare (48'000, true);
    const auto index = findParameter ("macro3");
    played.instrument.handle ({ { "type", "parameter" }, { "id", "macro3" }, { "value", 0.5 } });
    learnController (played, "macro3", 20, 10);
    CHECK (played.last ("learned")["controllers"] == Json ({ { "macro3", 20 } }));
    CHECK (played.last ("learned")["waiting"].is_null());
    CHECK (Json::parse (played.instrument.state())["controllers"] == Json ({ { "macro3", 20 } }));
    const auto turn = [&played] (int value) { played.render (64, 64, [value] (Player& player, int, int) { player.midi (7, 0xb3, 20, static_cast<std::uint8_t> (value)); }); };
    // Far from where the parameter stands it moves nothing ...
    CHECK (played.instrument.plain (index) == 0.5f);
    turn (30);
    CHECK (played.instrument.plain (index) == 0.5f);
    // ... until it passes by.
    turn (80);
    CHECK (played.instrument.plain (index) == doctest::Approx (80.0 / 127));
    turn (100);
    CHECK (played.instrument.plain (index) == doctest::Approx (100.0 / 127));
    played.instrument.poll();
    CHECK (played.host.moved.back().first == index);
    CHECK (played.last ("parameters")["values"].contains ("macro3"));
    // Moved elsewhere, it has to be met again.
    played.instrument.handle ({ { "type", "parameter" }, { "id", "macro3" }, { "value", 0.1 } });
    turn (101);
    CHECK (played.instrument.plain (index) == doctest::Approx (0.1));
    turn (5);
    CHECK (played.instrument.plain (index) == doctest::Approx (5.0 / 127));

    // One controller moves one parameter, and one parameter follows one controller.
    learnController (played, "macro4", 20, 64);
    CHECK (played.last ("learned")["controllers"] == Json ({ { "macro4", 20 } }));
    played.instrument.handle ({ { "type", "forget" }, { "id", "macro4" } });
    CHECK (played.last ("learned")["controllers"].empty());
    turn (64);
    turn (120);
    CHECK (played.instrument.plain (findParameter ("macro4")) == doctest::Approx (64.0 / 127));

    // Sustain and the like are not learned.
    learnController (played, "macro5", 64, 127);
    CHECK (played.last ("learned")["waiting"] == "macro5");
}

TEST_CASE ("a restored session's controllers move its parameters")
{
    Played author;
    author.instrument.prepare (48'000, true);
    learnController (author, "macro1", 30, 64);
    Played played;
    played.instrument.prepare (48'000, true);
    played.instrument.restore (author.instrument.state());
    for (const std::uint8_t value : { std::uint8_t { 64 }, std::uint8_t { 90 } })
        played.render (64, 64, [value] (Player& player, int, int) { player.midi (0, 0xb0, 30, value); });
    CHECK (played.instrument.plain (0) == doctest::Approx (90.0 / 127));
}

TEST_CASE ("a preset file comes back as the sound it was, also one baked between sounds")
{
    Played played;
    played.instrument.handle ({ { "type", "parameter" }, { "id", "mapX" }, { "value", 0.5 } });
    played.instrument.handle ({ { "type", "parameter" }, { "id", "morphMix" }, { "value", 0.5 } });
    played.instrument.handle ({ { "type", "savePreset" }, { "name", " My Sound! " } });
    const auto file = played.last ("file");
    CHECK (file["fileName"] == "my-sound.json");
    const auto preset = readPreset (file["text"].get<std::string>(), "mine");
    CHECK (preset.name == "My Sound!");
    CHECK (preset.mapX == 0.5f);
    CHECK (preset.latent != played.instrument.model()->bundle.presets[0].latent);
    played.instrument.prepare (48'000, true);
    const auto between = played.note (half);
    Played other;
    other.instrument.handle ({ { "type", "loadPreset" }, { "fileName", "my-sound.json" }, { "text", file["text"] } });
    CHECK (other.last ("sound")["index"] == -1);
    CHECK (other.instrument.plain (findParameter ("morphMix")) == 0.0f);
    other.instrument.prepare (48'000, true);
    CHECK (rmsOf (other.note (half)) == doctest::Approx (rmsOf (between)).epsilon (0.02));
    played.instrument.handle ({ { "type", "capture" }, { "purpose", "p" }, { "name", "" } });
    CHECK (played.last ("captured")["preset"]["name"] == played.presetName());
}

TEST_CASE ("undo brings back preset, values, corners and path")
{
    Played played;
    auto state = Json::parse (played.instrument.state());
    played.instrument.selectProgram (7);
    played.instrument.handle ({ { "type", "parameter" }, { "id", "tilt" }, { "value", 3 } });
    played.instrument.handle ({ { "type", "restore" }, { "state", { { "preset", state["preset"] }, { "values", state["values"] }, { "corners", state["corners"] } } } });
    auto now = Json::parse (played.instrument.state());
    CHECK (now == state);
}

TEST_CASE ("while a note sounds faces get meters and a spectrum with its peak at the right place")
{
    Played played;
    played.instrument.handle ({ { "type", "watch" }, { "wave", true } });
    played.instrument.prepare (48'000, true);
    played.note (half, 81);
    played.heard.clear();
    played.instrument.poll();
    CHECK (played.last ("meters")["voices"][0]["key"] == 81);
    CHECK (played.last ("meters")["peakLeft"].get<float>() > 0.001f);
    const auto spectrum = played.last ("spectrum");
    const auto bytes = fromBase64 (spectrum["levelsDb"].get<std::string>());
    std::vector<float> levels (bytes.size() / 4);
    std::memcpy (levels.data(), bytes.data(), bytes.size());
    REQUIRE (levels.size() == 2048);
    const auto peak = std::max_element (levels.begin(), levels.end()) - levels.begin();
    const auto peakHz = static_cast<double> (peak) * spectrum["binHz"].get<double>();
    // The loudest partial of A5 is one of its first three.
    CHECK (std::min ({ std::abs (peakHz - 880), std::abs (peakHz - 1760), std::abs (peakHz - 2640) }) < 24);
    CHECK (fromBase64 (played.last ("wave")["samples"].get<std::string>()).size() == 4096 * 4);
    // Keys are shown as they are played, and silence is not painted again and again.
    CHECK (played.last ("key")["key"] == 81);
    played.instrument.player().reset();
    played.render (9600);
    played.instrument.poll();
    played.heard.clear();
    played.render (9600);
    played.instrument.handle ({ { "type", "watch" }, { "wave", false } });
    played.instrument.poll();
    CHECK (played.last ("meters").is_null());
}

TEST_CASE ("keys of a face are played, and panic ends them")
{
    Played played;
    played.instrument.prepare (48'000, true);
    played.instrument.handle ({ { "type", "noteOn" }, { "key", 60 }, { "velocity", 0.9 }, { "channel", 0 } });
    CHECK (played.last ("key") == Json ({ { "type", "key" }, { "key", 60 }, { "down", true } }));
    CHECK (peakOf (played.render (4800)) > 0.001f);
    played.instrument.handle ({ { "type", "panic" } });
    played.render (4800);
    CHECK (peakOf (played.render (4800)) == 0.0f);
}
