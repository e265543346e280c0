// A JSON value that knows where it stands, so that what is wrong with it can be said. What it throws are clauses ("latent.dim is missing").
#pragma once

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace timbrefold
{
using Json = nlohmann::json;

/** True for a byte of UTF-8 that begins a character. */
inline bool beginsCharacter (char c) noexcept
{
    return (static_cast<unsigned char> (c) & 0xc0u) != 0x80u;
}

/** The first characters of a text of UTF-8, whole ones. */
inline std::string firstCharacters (const std::string& text, std::size_t most)
{
    std::size_t at = 0;
    for (; at < text.size(); at++)
        if (beginsCharacter (text[at]) && most-- == 0)
            break;
    return text.substr (0, at);
}

class JsonPlace
{
public:
    using Clause = std::runtime_error;

    JsonPlace (const Json& value, std::string path) : json (&value), where (std::move (path)) {}

    bool has (const char* key) const { return json->is_object() && json->contains (key) && ! json->at (key).is_null(); }

    JsonPlace operator[] (const char* key) const
    {
        if (! json->is_object() || ! json->contains (key))
            throw Clause (where + " lacks \"" + key + "\"");
        return { json->at (key), where + "." + key };
    }

    std::vector<JsonPlace> items (std::size_t least, std::size_t most) const
    {
        if (! json->is_array() || json->size() < least || json->size() > most)
            throw Clause (where + " must be a list of " + std::to_string (least) + (least == most ? "" : " to " + std::to_string (most)));
        std::vector<JsonPlace> all;
        for (std::size_t i = 0; i < json->size(); i++)
            all.emplace_back ((*json)[i], where + "[" + std::to_string (i) + "]");
        return all;
    }

    std::string text (std::size_t most, std::size_t least = 1) const
    {
        const auto* const found = json->is_string() ? &json->get_ref<const std::string&>() : nullptr;
        const auto length = found == nullptr ? 0 : static_cast<std::size_t> (std::count_if (found->begin(), found->end(), beginsCharacter));
        if (found == nullptr || length < least || length > most)
            throw Clause (where + " must be a text of " + std::to_string (least) + " to " + std::to_string (most) + " characters");
        return *found;
    }

    float number (double least, double most) const
    {
        const double value = json->is_number() ? json->get<double>() : std::nan ("");
        if (! (value >= least && value <= most))
            throw Clause (where + " must be a number from " + std::to_string (least) + " to " + std::to_string (most));
        return static_cast<float> (value);
    }

    template <typename Whole = int>
    Whole integer (Whole least, Whole most) const
    {
        const double value = json->is_number() ? json->get<double>() : std::nan ("");
        if (! (value >= static_cast<double> (least) && value <= static_cast<double> (most)) || value != std::floor (value))
            throw Clause (where + " must be a whole number from " + std::to_string (least) + " to " + std::to_string (most));
        return static_cast<Whole> (value);
    }

    /** Finite numbers, few enough. */
    std::vector<float> numbers (std::size_t least, std::size_t most, double lowest = -1e30, double highest = 1e30) const
    {
        std::vector<float> all;
        for (const auto& item : items (least, most))
            all.push_back (item.number (lowest, highest));
        return all;
    }
    std::vector<float> numbers (std::size_t count) const { return numbers (count, count); }

    /** 64 lower-case hexadecimal digits. */
    std::string sha256() const
    {
        const auto found = text (64);
        if (found.size() != 64 || found.find_first_not_of ("0123456789abcdef") != std::string::npos)
            throw Clause (where + " must be 64 lower-case hexadecimal digits");
        return found;
    }

    /** One of the values this version plays. */
    void must (const std::string& wanted, const char* what) const
    {
        if (const auto found = text (40); found != wanted)
            throw Clause (std::string ("its ") + what + " is \"" + found + "\"; this version plays \"" + wanted + "\"");
    }

    const Json& value() const { return *json; }

private:
    const Json* json;
    std::string where;
};
} // namespace timbrefold
