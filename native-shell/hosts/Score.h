// What a performance plays: timed MIDI messages and parameter moves.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace timbrefold::hosts
{
/** A MIDI message, or a parameter move where `parameter` is not empty, at an absolute sample. */
struct ScoreEvent
{
    std::int64_t sample = 0;
    std::array<std::uint8_t, 3> midi {};
    std::string parameter;
    float plain = 0;
};

/**
 * Reads { "notes": [[seconds, status, data1, data2] ...], "moves": [[seconds, id, plain] ...], "repeatSeconds"?: number }: in order of time, moves before notes at
 * the same sample, repeated until `seconds`. @throws std::runtime_error with a sentence
 */
std::vector<ScoreEvent> readScore (const nlohmann::json& json, double sampleRate, double seconds);
} // namespace timbrefold::hosts
