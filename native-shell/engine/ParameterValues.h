// The values of all parameters, shared by every thread, and the table's arithmetic: plain = min + (max - min) * normalised ^ skew. The twin of plugin/instrument/parameters.ts.
#pragma once

#include "Preset.h"
#include "generated/parameters.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace timbrefold
{
/** Index of a row of the table by its id; a wrong id does not compile. */
consteval std::size_t parameterIndex (std::string_view id)
{
    for (std::size_t i = 0; i < parameters.size(); i++)
        if (parameters[i].id == id)
            return i;
    throw "There is no such parameter.";
}

/** The same for an id that comes from outside; -1 where there is none. */
inline int findParameter (std::string_view id) noexcept
{
    for (std::size_t i = 0; i < parameters.size(); i++)
        if (parameters[i].id == id)
            return static_cast<int> (i);
    return -1;
}

/** The plain value clamped to the range and rounded to the step; a number that is none becomes the default. */
inline float snap (const Parameter& row, float plain) noexcept
{
    if (! std::isfinite (plain))
        return row.initial;
    const float stepped = row.step > 0 ? std::round (plain / row.step) * row.step : plain;
    return std::clamp (stepped, row.min, row.max);
}

inline float toPlain (const Parameter& row, float normalised) noexcept
{
    const float position = std::isfinite (normalised) ? std::clamp (normalised, 0.0f, 1.0f) : 0.0f;
    return snap (row, row.min + (row.max - row.min) * std::pow (position, row.skew));
}

inline float toNormalised (const Parameter& row, float plain) noexcept
{
    const float share = (plain - row.min) / (row.max - row.min);
    return std::pow (std::clamp (share, 0.0f, 1.0f), 1.0f / row.skew);
}

/** Every value on its own may be read and written by any thread at any time; real-time safe. */
class ParameterValues
{
public:
    using Table = std::array<float, parameters.size()>;

    static Table defaults() noexcept
    {
        Table table;
        std::transform (parameters.begin(), parameters.end(), table.begin(), [] (const Parameter& row) { return row.initial; });
        return table;
    }

    ParameterValues() noexcept { set (defaults()); }

    float plain (std::size_t index) const noexcept { return values[index].load (std::memory_order_relaxed); }
    float normalised (std::size_t index) const noexcept { return toNormalised (parameters[index], plain (index)); }

    /** `value` as `snap` gave it. */
    void set (std::size_t index, float value) noexcept { values[index].store (value, std::memory_order_relaxed); }
    void set (const Table& table) noexcept
    {
        for (std::size_t i = 0; i < table.size(); i++)
            set (i, table[i]);
    }

    Table table() const noexcept
    {
        Table all;
        for (std::size_t i = 0; i < all.size(); i++)
            all[i] = plain (i);
        return all;
    }

private:
    std::array<std::atomic<float>, parameters.size()> values;
};

inline constexpr std::size_t macro1Index = parameterIndex ("macro1");
inline constexpr std::size_t mapXIndex = parameterIndex ("mapX");
inline constexpr std::size_t mapYIndex = parameterIndex ("mapY");

/** Every parameter as a preset wants it: its own values, else the defaults. Real-time safe. */
inline ParameterValues::Table tableOf (const Preset& preset) noexcept
{
    auto table = ParameterValues::defaults();
    for (const auto& [index, value] : preset.parameters)
        table[static_cast<std::size_t> (index)] = value;
    for (std::size_t i = 0; i < preset.macros.size(); i++)
        table[macro1Index + i] = preset.macros[i];
    table[mapXIndex] = preset.mapX;
    table[mapYIndex] = preset.mapY;
    for (std::size_t i = 0; i < table.size(); i++)
        table[i] = snap (parameters[i], table[i]);
    return table;
}
} // namespace timbrefold
