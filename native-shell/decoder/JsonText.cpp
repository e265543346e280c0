// nlohmann's reader behind a gate that counts, and a writer that lays numbers out by the rules of ECMAScript.
#include "JsonText.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace timbrefold
{
namespace
{
/** Goes through a text without keeping anything, and stops where it is too deep or too long. */
class Gate : public nlohmann::json_sax<nlohmann::json>
{
public:
    Gate (std::size_t mostDepth, std::size_t mostValues) : depthLeft (mostDepth), valuesLeft (mostValues) {}

    bool null() override { return one(); }
    bool boolean (bool) override { return one(); }
    bool number_integer (number_integer_t) override { return one(); }
    bool number_unsigned (number_unsigned_t) override { return one(); }
    bool number_float (number_float_t, const string_t&) override { return one(); }
    bool string (string_t&) override { return one(); }
    bool binary (binary_t&) override { return false; }
    bool key (string_t&) override { return true; }
    bool start_object (std::size_t) override { return open(); }
    bool end_object() override { return close(); }
    bool start_array (std::size_t) override { return open(); }
    bool end_array() override { return close(); }
    bool parse_error (std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

private:
    bool one() { return valuesLeft-- > 0; }
    bool open() { return one() && depthLeft-- > 0; }
    bool close()
    {
        depthLeft++;
        return true;
    }

    std::size_t depthLeft, valuesLeft;
};

/** A finite number as Number::toString writes it (ECMA-262, 6.1.6.1.20). */
std::string numberText (double value)
{
    if (value == 0)
        return "0";
    std::array<char, 32> text {};
    const auto end = std::to_chars (text.data(), text.data() + text.size(), std::abs (value), std::chars_format::scientific).ptr;
    std::string digits;
    int exponent = 0;
    for (const char* at = text.data(); at < end; at++)
    {
        if (*at == 'e')
        {
            at += at[1] == '+' ? 2 : 1;
            std::from_chars (at, end, exponent);
            break;
        }
        if (*at != '.')
            digits += *at;
    }
    const int count = static_cast<int> (digits.size());
    const int point = exponent + 1;
    std::string out;
    if (point >= count && point <= 21)
        out = digits + std::string (static_cast<std::size_t> (point - count), '0');
    else if (point > 0 && point <= 21)
        out = digits.substr (0, static_cast<std::size_t> (point)) + "." + digits.substr (static_cast<std::size_t> (point));
    else if (point > -6 && point <= 0)
        out = "0." + std::string (static_cast<std::size_t> (-point), '0') + digits;
    else
        out = digits.substr (0, 1) + (count > 1 ? "." + digits.substr (1) : "") + "e" + (exponent < 0 ? "-" : "+") + std::to_string (std::abs (exponent));
    return (value < 0 ? "-" : "") + out;
}

class Writer
{
public:
    explicit Writer (int spaces) : indent (spaces) {}

    void write (const nlohmann::ordered_json& value, int level)
    {
        if (value.is_object())
            list (value, level, '{', '}');
        else if (value.is_array())
            list (value, level, '[', ']');
        else if (value.is_number())
            out += std::isfinite (value.get<double>()) ? numberText (value.get<double>()) : "null";
        else
            out += value.dump (-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    }

    std::string out;

private:
    void list (const nlohmann::ordered_json& value, int level, char opening, char closing)
    {
        out += opening;
        bool first = true;
        for (const auto& [key, item] : value.items())
        {
            if (! first)
                out += ',';
            first = false;
            line (level + 1);
            if (opening == '{')
                out += nlohmann::ordered_json (key).dump (-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + (indent > 0 ? ": " : ":");
            write (item, level + 1);
        }
        if (! first)
            line (level);
        out += closing;
    }

    void line (int level)
    {
        if (indent > 0)
            out += "\n" + std::string (static_cast<std::size_t> (indent * level), ' ');
    }

    const int indent;
};

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
} // namespace

nlohmann::json parseJson (std::string_view text, std::size_t depth, std::size_t values)
{
    Gate gate (depth, values);
    if (! nlohmann::json::sax_parse (text, &gate))
        return nullptr;
    auto json = nlohmann::json::parse (text, nullptr, false);
    return json.is_discarded() ? nlohmann::json (nullptr) : json;
}

std::string writeJson (const nlohmann::ordered_json& value, int indent)
{
    Writer writer (indent);
    writer.write (value, 0);
    return std::move (writer.out);
}

double shortest (float value)
{
    if (! std::isfinite (value))
        return 0;
    std::array<char, 48> text {};
    double decimal = 0;
    for (int digits = 6; digits <= 9; digits++)
    {
        const auto end = std::to_chars (text.data(), text.data() + text.size(), static_cast<double> (value), std::chars_format::scientific, digits - 1).ptr;
        // Not by from_chars, which Apple's library lacks for doubles, nor by strtod, which minds the locale.
        decimal = nlohmann::json::parse (text.data(), end).get<double>();
        if (static_cast<float> (decimal) == value)
            break;
    }
    return decimal;
}

std::string toBase64 (std::span<const std::uint8_t> bytes)
{
    std::string out;
    out.reserve ((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3)
    {
        const auto byte = [&] (std::size_t i) { return at + i < bytes.size() ? std::uint32_t { bytes[at + i] } : 0u; };
        const auto bits = byte (0) << 16 | byte (1) << 8 | byte (2);
        for (std::size_t i = 0; i < 4; i++)
            out += i > bytes.size() - at ? '=' : alphabet[bits >> (18 - 6 * i) & 63];
    }
    return out;
}

std::vector<std::uint8_t> fromBase64 (std::string_view text)
{
    static constexpr auto values = []
    {
        std::array<std::int8_t, 256> table {};
        table.fill (-1);
        for (std::size_t i = 0; i < alphabet.size(); i++)
            table[static_cast<unsigned char> (alphabet[i])] = static_cast<std::int8_t> (i);
        return table;
    }();
    while (! text.empty() && text.back() == '=')
        text.remove_suffix (1);
    std::vector<std::uint8_t> bytes;
    bytes.reserve (text.size() / 4 * 3 + 3);
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text)
    {
        const auto value = values[static_cast<unsigned char> (c)];
        if (value < 0)
            throw std::runtime_error ("it is not base64");
        bits = bits << 6 | static_cast<std::uint32_t> (value);
        count += 6;
        if (count >= 8)
        {
            count -= 8;
            bytes.push_back (static_cast<std::uint8_t> (bits >> count));
        }
    }
    if (count >= 6)
        throw std::runtime_error ("it is not base64");
    return bytes;
}
} // namespace timbrefold
