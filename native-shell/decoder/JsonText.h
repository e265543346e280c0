// JSON as text: read within limits, written with the bytes that JavaScript writes.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace timbrefold
{
/**
 * Parses untrusted text: at most `depth` levels and `values` values, so that a small text cannot become a large one in memory. Null where it is no JSON or
 * exceeds a limit. Never on the audio thread.
 */
nlohmann::json parseJson (std::string_view text, std::size_t depth, std::size_t values);

/** Text of `value` as JSON.stringify writes it; `indent` spaces a level, 0 for one line. Never on the audio thread. */
std::string writeJson (const nlohmann::ordered_json& value, int indent = 0);

/** The shortest decimal that gives the same 32-bit float, as a double (0 for one that is not finite): the twin of `shortest` in plugin/instrument/preset.ts. */
double shortest (float value);

/** Base64 with padding. */
std::string toBase64 (std::span<const std::uint8_t> bytes);

/** The bytes of a base64 text. @throws std::runtime_error with a clause where it is none */
std::vector<std::uint8_t> fromBase64 (std::string_view text);

/** Base64 of the little-endian bytes of floats. */
inline std::string toBase64 (std::span<const float> values)
{
    return toBase64 ({ reinterpret_cast<const std::uint8_t*> (values.data()), values.size_bytes() });
}
} // namespace timbrefold
