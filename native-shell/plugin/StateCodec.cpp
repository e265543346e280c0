// { "format": "timbrefold-state", "version": 1, "preset": { ... } }
#include "StateCodec.h"
#include "generated/parameters.h"

#include <nlohmann/json.hpp>

namespace timbrefold
{
namespace
{
using Json = nlohmann::json;

constexpr const char* stateFormat = "timbrefold-state";
constexpr int stateVersion = 1;
} // namespace

std::string writeState (const Preset& preset, const Bundle& bundle)
{
    auto moved = Json::object();
    for (const auto& [index, value] : preset.parameters)
        moved[parameters[static_cast<std::size_t> (index)].id] = value;
    const Json json {
        { "format", "timbrefold-preset" },
        { "version", 1 },
        { "name", preset.name },
        { "model", { { "id", bundle.id }, { "sha256", bundle.sha256 } } },
        { "latent", preset.latent },
        { "map", { { "x", preset.mapX }, { "y", preset.mapY } } },
        { "macros", preset.macros },
        { "parameters", moved },
        { "seed", preset.seed },
    };
    return Json { { "format", stateFormat }, { "version", stateVersion }, { "preset", json } }.dump();
}

StateKind readState (const std::string& text, const Bundle& bundle, Preset& preset)
{
    const auto state = Json::parse (text, nullptr, false);
    if (! state.is_object() || state.value ("format", Json()) != stateFormat)
        return StateKind::broken;
    try
    {
        if (state.value ("version", Json()) != stateVersion)
            return StateKind::foreign;
        preset = parsePreset (state.at ("preset").dump(), bundle);
        return StateKind::mine;
    }
    catch (const std::exception&)
    {
        return StateKind::foreign;
    }
}
} // namespace timbrefold
