// The text of a message on its way to a web view.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace timbrefold
{
/** A message as plain ASCII, since JUCE counts characters where it means bytes; what is no UTF-8 in it becomes U+FFFD. */
inline std::string toWire (const nlohmann::json& message)
{
    return message.dump (-1, ' ', true, nlohmann::json::error_handler_t::replace);
}
} // namespace timbrefold
