// The text of a message on its way to and from a web view.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace timbrefold
{
/**
 * JUCE packs the text into strings within strings, and escapes each quote and backslash of it by copying the whole text: a message with as many quotes as
 * a model's takes seconds. So that there is nothing to escape, these letters change places with three that JSON seldom holds. Its own inverse.
 */
inline std::string swapQuotes (std::string text)
{
    for (char& letter : text)
        switch (letter)
        {
            case '"':  letter = '`';  break;
            case '`':  letter = '"';  break;
            case '\\': letter = '~';  break;
            case '~':  letter = '\\'; break;
            case '\'': letter = '^';  break;
            case '^':  letter = '\''; break;
            default:   break;
        }
    return text;
}

/** A message as plain ASCII, since JUCE counts characters where it means bytes; what is no UTF-8 in it becomes U+FFFD. */
inline std::string toWire (const nlohmann::json& message)
{
    return swapQuotes (message.dump (-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

/** The message that the view wrote; discarded (as nlohmann says it) where it is none. */
inline nlohmann::json fromWire (std::string text)
{
    return nlohmann::json::parse (swapQuotes (std::move (text)), nullptr, false);
}
} // namespace timbrefold
