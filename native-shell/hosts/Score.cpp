// JSON to events at samples.
#include "Score.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace timbrefold::hosts
{
std::vector<ScoreEvent> readScore (const nlohmann::json& json, double sampleRate, double seconds)
{
    const double repeat = json.value ("repeatSeconds", seconds);
    if (! (repeat > 0))
        throw std::runtime_error ("A score has to repeat after more than 0 seconds.");
    std::vector<ScoreEvent> events;
    const auto at = [sampleRate] (double time) { return static_cast<std::int64_t> (std::llround (time * sampleRate)); };
    for (double begin = 0; begin < seconds; begin += repeat)
    {
        for (const auto& move : json.value ("moves", nlohmann::json::array()))
            events.push_back ({ .sample = at (begin + move.at (0).get<double>()), .parameter = move.at (1).get<std::string>(), .plain = move.at (2).get<float>() });
        for (const auto& note : json.value ("notes", nlohmann::json::array()))
            events.push_back ({ .sample = at (begin + note.at (0).get<double>()),
                                .midi = { note.at (1).get<std::uint8_t>(), note.at (2).get<std::uint8_t>(), note.at (3).get<std::uint8_t>() },
                                .parameter = {} });
    }
    std::stable_sort (events.begin(), events.end(), [] (const ScoreEvent& a, const ScoreEvent& b) { return a.sample < b.sample; });
    return events;
}
} // namespace timbrefold::hosts
