// Presets and sessions as text: the same bytes as in TypeScript, every damage refused by a sentence, nothing of Timbrefold's lost.
#include "Bundles.h"
#include "JsonText.h"
#include "Session.h"
#include "generated/protocol.h"

#include <doctest/doctest.h>
#include <random>

using namespace timbrefold;
using namespace timbrefold::tests;

namespace
{
Session exampleSession()
{
    Session session;
    session.preset.name = "Halo \u00e9";
    session.preset.model = { "timbrefold.atlas", std::string (64, 'a') };
    session.preset.latent = { 0.25f, -1.5f };
    session.preset.mapX = 0.5f;
    session.preset.mapY = 0.25f;
    session.preset.parameters = { { findParameter ("attackMs"), 20.0f }, { findParameter ("gainDb"), -6.0f } };
    session.preset.seed = 7;
    session.values[parameterIndex ("macro1")] = 0.3f;
    session.corners.fill ({ "A", { 0, 1 } });
    session.modelName = "Atlas";
    return session;
}

std::string textOfExample()
{
    return writeSession (exampleSession());
}

/** The example with one field of its JSON replaced. */
std::string changed (const std::string& pointer, const Json& value)
{
    auto json = Json::parse (textOfExample());
    json[Json::json_pointer (pointer)] = value;
    return json.dump();
}
} // namespace

TEST_CASE ("a preset's file has the bytes that TypeScript writes")
{
    CHECK (writePreset (exampleSession().preset)
           == "{\n  \"format\": \"timbrefold-preset\",\n  \"version\": 1,\n  \"name\": \"Halo \u00e9\",\n  \"model\": {\n    \"id\": \"timbrefold.atlas\",\n    \"sha256\": \""
                  + std::string (64, 'a')
                  + "\"\n  },\n  \"latent\": [\n    0.25,\n    -1.5\n  ],\n  \"map\": {\n    \"x\": 0.5,\n    \"y\": 0.25\n  },\n  \"macros\": [\n    0.5,\n    0.5,\n    0.5,\n    0.5,\n    0.5,\n"
                    "    0.5,\n    0.5,\n    0.5\n  ],\n  \"parameters\": {\n    \"attackMs\": 20\n  },\n  \"seed\": 7\n}\n");
}

TEST_CASE ("every preset of the factory is the same after a way through its file")
{
    for (const auto& preset : readBundle (factoryBytes(), "atlas.timbre").presets)
    {
        const auto text = writePreset (preset);
        const auto again = readPreset (text, "again");
        CHECK (writePreset (again) == text);
        CHECK (again.latent == preset.latent);
        CHECK (tableOf (again) == tableOf (preset));
    }
}

TEST_CASE ("a preset that cannot be used is refused by a sentence that says why")
{
    const auto refusal = [] (const std::string& text) -> std::string
    {
        try
        {
            readPreset (text, "x.json");
            return {};
        }
        catch (const PresetError& error)
        {
            return error.what();
        }
    };
    const auto with = [] (const std::string& pointer, const Json& value)
    {
        auto json = Json (presetJson (exampleSession().preset));
        json[Json::json_pointer (pointer)] = value;
        return json.dump();
    };
    CHECK (refusal ("{") == "The preset x.json cannot be used: it is not JSON.");
    CHECK (refusal ("[]") == "The preset x.json cannot be used: it is not a Timbrefold preset.");
    CHECK (refusal (std::string (100'000, '[')).find ("not JSON") != std::string::npos);
    CHECK (refusal (std::string ((1 << 20) + 1, ' ')).find ("larger than 1 MiB") != std::string::npos);
    CHECK (refusal (with ("/version", 2)).find ("it has version 2 and this Timbrefold reads up to 1; update Timbrefold") != std::string::npos);
    CHECK (refusal (with ("/parameters/nosuch", 1)).find ("\"nosuch\", which is not a parameter") != std::string::npos);
    CHECK (refusal (with ("/parameters/macro1", 1)).find ("belongs under \"macros\"") != std::string::npos);
    CHECK (refusal (with ("/parameters/attackMs", 1e9)).find ("attackMs must be a number from") != std::string::npos);
    CHECK (refusal (with ("/latent", Json::array())).find ("latent must be a list") != std::string::npos);
    CHECK (refusal (with ("/latent", Json (std::vector<float> (protocol::maxLatent + 1)))).find ("latent must be a list") != std::string::npos);
    CHECK (refusal (with ("/macros", Json (std::vector<float> (7)))).find ("macros must be a list of 8") != std::string::npos);
    CHECK (refusal (with ("/model/sha256", std::string (64, 'A'))).find ("hexadecimal") != std::string::npos);
    CHECK (refusal (with ("/path", Json::array ({ 0.5 }))).find ("path is damaged") != std::string::npos);
    CHECK (refusal (with ("/name", 7)).find ("name must be a text") != std::string::npos);
    CHECK (refusal (with ("/seed", -1)).find ("seed must be a whole number") != std::string::npos);
    CHECK (refusal (with ("/author", "me")).empty());
}

TEST_CASE ("a session is the same after a way through its text, with all it may hold")
{
    auto session = exampleSession();
    session.path = { 0.1f, 0.2f, 0.3f, 0.4f };
    session.tuning.emplace();
    session.tuning->name = "Just";
    for (std::size_t key = 0; key < 128; key++)
        session.tuning->notes[key] = static_cast<float> (key) + 0.125f;
    session.tuning->notes[3] = std::nanf ("");
    session.controllers[2] = 21;
    session.kept = { { "editor", { { "width", 900 } } } };
    session.embedsModel = true;
    session.embedded = { 1, 2, 3 };
    const auto text = writeSession (session);
    const auto read = readSession (text);
    REQUIRE (read.session);
    CHECK (writeSession (*read.session) == text);
    CHECK (read.session->values == session.values);
    CHECK (read.session->preset.parameters[0].second == 20.0f);
    CHECK (read.session->corners[3].latent == std::vector<float> { 0, 1 });
    CHECK (std::isnan (read.session->tuning->notes[3]));
    CHECK (read.session->tuning->notes[4] == 4.125f);
    CHECK (read.session->controllers == session.controllers);
    CHECK (read.session->embedded == session.embedded);
    CHECK (read.session->kept == session.kept);
}

TEST_CASE ("what a later version added to this format is given back")
{
    auto json = Json::parse (textOfExample());
    json["weather"] = { { "sun", true } };
    json["values"]["nosuch"] = 0.25;
    const auto read = readSession (json.dump());
    REQUIRE (read.session);
    const auto written = Json::parse (writeSession (*read.session));
    CHECK (written["weather"] == json["weather"]);
    CHECK (written["values"]["nosuch"] == 0.25);
}

TEST_CASE ("values that are no numbers are dropped, others kept inside their range")
{
    auto json = Json::parse (textOfExample());
    json["values"] = { { "macro1", "loud" }, { "macro2", 0.25 }, { "gainDb", 1e9 } };
    const auto read = readSession (json.dump());
    REQUIRE (read.session);
    CHECK (read.session->values[parameterIndex ("macro1")] == 0.5f);
    CHECK (read.session->values[parameterIndex ("macro2")] == 0.25f);
    CHECK (read.session->values[parameterIndex ("gainDb")] == 12.0f);
}

TEST_CASE ("a session that cannot be used is refused by a sentence; what is ours is marked to be kept")
{
    const auto refused = [] (const std::string& text, const std::string& why, bool keep)
    {
        const auto read = readSession (text);
        CAPTURE (why);
        CHECK_FALSE (read.session);
        CHECK (read.sentence.find (why) != std::string::npos);
        CHECK (read.keep == keep);
    };
    refused ("", "it is empty", false);
    refused ("hello", "it is not a state of Timbrefold", false);
    refused ("{\"format\":\"x\"}", "it is not a state of Timbrefold", false);
    refused (changed ("/version", 2), "it has version 2 and this Timbrefold reads up to 1; update Timbrefold", true);
    refused (changed ("/version", "two"), "version must be a whole number", true);
    refused (changed ("/corners", Json::array()), "corners must be a list of 4", true);
    refused (changed ("/corners/0/latent", { 1 }), "latent must be a list of 2", true);
    refused (changed ("/preset/latent", nullptr), "latent must be a list", true);
    refused (changed ("/path", { 0.5, 2 }), "path[1] must be a number", true);
    refused (std::string (maxStateBytes + 1, ' '), "at most 90 MiB are read", false);
}

TEST_CASE ("every truncation and any bytes are survived")
{
    const auto text = textOfExample();
    for (std::size_t length = 0; length < text.size(); length += 3)
    {
        const auto read = readSession (std::string_view (text).substr (0, length));
        CHECK_FALSE (read.session);
        // As soon as it can be seen whose it is, it is kept.
        CHECK (read.keep == (length >= 27));
    }
    std::mt19937 random (3);
    for (int i = 0; i < 300; i++)
    {
        std::string noise (random() % 3000, ' ');
        std::generate (noise.begin(), noise.end(), [&random] { return static_cast<char> (random()); });
        CHECK_FALSE (readSession (noise).session);
        auto bent = text;
        for (int k = 0; k < 4; k++)
            bent[random() % bent.size()] = static_cast<char> (random());
        const auto read = readSession (bent);
        CHECK ((read.session.has_value() || read.sentence.starts_with ("The session's state cannot be used: ")));
    }
}

TEST_CASE ("a hundred megabytes are refused at once, and deep or long nonsense within the limit, too")
{
    CHECK_FALSE (readSession (std::string (std::size_t { 100 } << 20, '[')).session);
    CHECK_FALSE (readSession (std::string (std::size_t { 20 } << 20, '[')).session);
    std::string longList = "[0";
    for (int i = 0; i < 3'000'000; i++)
        longList += ",0";
    CHECK_FALSE (readSession (longList + "]").session);
}
