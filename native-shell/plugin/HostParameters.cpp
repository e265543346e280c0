// No parameter arithmetic but the table's own (ParameterValues.h).
#include "HostParameters.h"

namespace timbrefold
{
namespace
{
juce::String titled (const char* group)
{
    const juce::String name (group);
    return name.substring (0, 1).toUpperCase() + name.substring (1);
}

juce::NormalisableRange<float> rangeOf (const Parameter& row)
{
    return { row.min,
             row.max,
             [&row] (float, float, float normalised) { return toPlain (row, normalised); },
             [&row] (float, float, float plain) { return toNormalised (row, plain); },
             [&row] (float, float, float plain) { return snap (row, plain); } };
}
} // namespace

HostParameter::HostParameter (Instrument& itsInstrument, int itsIndex)
    : RangedAudioParameter (juce::ParameterID (parameters[static_cast<std::size_t> (itsIndex)].id, 1),
                            parameters[static_cast<std::size_t> (itsIndex)].label,
                            juce::AudioProcessorParameterWithIDAttributes().withLabel (parameters[static_cast<std::size_t> (itsIndex)].unit)),
      instrument (itsInstrument), index (itsIndex), row (parameters[static_cast<std::size_t> (itsIndex)]), choices (juce::StringArray::fromTokens (row.choices, "|", "")),
      range (rangeOf (row))
{
}

int HostParameter::getNumSteps() const
{
    return row.step > 0 ? juce::roundToInt ((row.max - row.min) / row.step) + 1 : juce::AudioProcessor::getDefaultNumParameterSteps();
}

/** The twin of formatPlain in plugin/instrument/parameters.ts; hosts write the unit themselves where there is one. */
juce::String HostParameter::getText (float normalised, int maximumLength) const
{
    const float plain = toPlain (row, normalised);
    juce::String text;
    if (! choices.isEmpty())
        text = choices[juce::jlimit (0, choices.size() - 1, juce::roundToInt (plain - row.min))];
    else
        text = juce::String (plain, row.step >= 1 ? 0 : row.max - row.min > 50 ? 1 : 2);
    return maximumLength > 0 ? text.substring (0, maximumLength) : text;
}

float HostParameter::getValueForText (const juce::String& text) const
{
    const auto wanted = text.trim();
    const int choice = choices.indexOf (wanted, true);
    return toNormalised (row, choice >= 0 ? snap (row, row.min + static_cast<float> (choice)) : snap (row, wanted.replaceCharacter (',', '.').getFloatValue()));
}

std::vector<HostParameter*> addParameters (juce::AudioProcessor& processor, Instrument& instrument)
{
    std::vector<HostParameter*> inOrder;
    // Hosts show groups as folders. A group stands where its first parameter does, so later versions may append to it without moving anything.
    std::vector<std::unique_ptr<juce::AudioProcessorParameterGroup>> groups;
    for (std::size_t i = 0; i < parameters.size(); i++)
    {
        const juce::String id (parameters[i].group);
        if (groups.empty() || groups.back()->getID().upToFirstOccurrenceOf (":", false, false) != id)
            groups.push_back (std::make_unique<juce::AudioProcessorParameterGroup> (groups.empty() || std::none_of (groups.begin(), groups.end(), [&id] (const auto& group) { return group->getID() == id; })
                                                                                        ? id
                                                                                        : id + ":" + juce::String (static_cast<int> (i)),
                                                                                    titled (parameters[i].group),
                                                                                    " | "));
        auto parameter = std::make_unique<HostParameter> (instrument, static_cast<int> (i));
        inOrder.push_back (parameter.get());
        groups.back()->addChild (std::move (parameter));
    }
    juce::AudioProcessorParameterGroup tree;
    for (auto& group : groups)
        tree.addChild (std::move (group));
    processor.setParameterTree (std::move (tree));
    return inOrder;
}
} // namespace timbrefold
