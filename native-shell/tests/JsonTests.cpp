// JSON and base64 as text: the bytes JavaScript writes, and limits on what is read.
#include "JsonText.h"
#include "Migrations.h"

#include <doctest/doctest.h>
#include <limits>
#include <random>

using namespace timbrefold;

TEST_CASE ("numbers are written as JavaScript writes them")
{
    const auto text = [] (double value) { return writeJson (value); };
    CHECK (text (0) == "0");
    CHECK (text (-0.0) == "0");
    CHECK (text (1) == "1");
    CHECK (text (-180) == "-180");
    CHECK (text (0.5) == "0.5");
    CHECK (text (123.456) == "123.456");
    CHECK (text (1e21) == "1e+21");
    CHECK (text (1e20) == "100000000000000000000");
    CHECK (text (1.5e-7) == "1.5e-7");
    CHECK (text (0.000001) == "0.000001");
    CHECK (text (5e-324) == "5e-324");
    CHECK (text (std::numeric_limits<double>::quiet_NaN()) == "null");
    CHECK (writeJson (4294967295u) == "4294967295");
}

TEST_CASE ("a float is written by the fewest digits that give it back")
{
    CHECK (shortest (0.3f) == 0.3);
    CHECK (shortest (-0.03775f) == -0.03775);
    CHECK (shortest (0) == 0);
    std::mt19937 random (5);
    for (int i = 0; i < 2000; i++)
    {
        const auto value = static_cast<float> (random()) / static_cast<float> (1u << (random() % 31)) - 7.0f;
        CHECK (static_cast<float> (shortest (value)) == value);
        CHECK (writeJson (shortest (value)).size() <= 16);
    }
}

TEST_CASE ("objects keep their order and are indented as JSON.stringify does")
{
    const nlohmann::ordered_json json { { "b", { 1, 2.5 } }, { "a", nlohmann::ordered_json::object() }, { "c", nlohmann::ordered_json::array() }, { "t", "a\"\n\u00e9" }, { "n", nullptr } };
    CHECK (writeJson (json) == "{\"b\":[1,2.5],\"a\":{},\"c\":[],\"t\":\"a\\\"\\n\u00e9\",\"n\":null}");
    CHECK (writeJson (json, 2).starts_with ("{\n  \"b\": [\n    1,\n    2.5\n  ],\n  \"a\": {},\n"));
}

TEST_CASE ("what is too deep, too long or no JSON is null")
{
    CHECK (parseJson ("[[1]]", 2, 10) == nlohmann::json ({ { 1 } }));
    CHECK (parseJson ("[[1]]", 1, 10).is_null());
    CHECK (parseJson ("[1,2,3]", 4, 3).is_null());
    CHECK (parseJson ("[1,", 4, 10).is_null());
    CHECK (parseJson ("", 4, 10).is_null());
    CHECK (parseJson ("\xff\xfe", 4, 10).is_null());
    CHECK (parseJson (std::string (2'000'000, '['), 100, 1000).is_null());
}

TEST_CASE ("base64 there and back")
{
    CHECK (toBase64 (std::span<const std::uint8_t>()).empty());
    const std::vector<std::uint8_t> bytes { 0xff, 0, 0x10, 0x83 };
    CHECK (toBase64 (std::span<const std::uint8_t> (bytes)) == "/wAQgw==");
    std::mt19937 random (7);
    for (std::size_t length = 0; length < 40; length++)
    {
        std::vector<std::uint8_t> any (length);
        std::generate (any.begin(), any.end(), [&random] { return static_cast<std::uint8_t> (random()); });
        CHECK (fromBase64 (toBase64 (std::span<const std::uint8_t> (any))) == any);
    }
    CHECK_THROWS (fromBase64 ("a b="));
    CHECK_THROWS (fromBase64 ("abcde"));
}

TEST_CASE ("migrations are taken step by step, and a missing one is our mistake")
{
    const Migrations steps { { 1,
                               [] (Json json)
                               {
                                   json["a"] = 1;
                                   return json;
                               } },
                             { 2,
                               [] (Json json)
                               {
                                   json["b"] = json["a"].get<int>() + 1;
                                   return json;
                               } } };
    CHECK (migrate ({ { "version", 1 } }, 3, steps) == Json ({ { "version", 3 }, { "a", 1 }, { "b", 2 } }));
    CHECK (migrate ({ { "version", 3 } }, 3, steps) == Json ({ { "version", 3 } }));
    CHECK_THROWS_AS (migrate ({ { "version", 1 } }, 4, steps), std::logic_error);
}
