// The generated parameter table as the host sees it: ids, groups, ranges, units.
#pragma once

#include "generated/parameters.h"

#include <cstddef>
#include <juce_audio_processors/juce_audio_processors.h>
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

/** Adds a parameter for every row of the table to the processor, in the table's order, and returns them in that order. */
std::vector<juce::RangedAudioParameter*> addParameters (juce::AudioProcessor& processor);
} // namespace timbrefold
