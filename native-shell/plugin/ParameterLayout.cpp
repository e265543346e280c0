// No parameter arithmetic but the table's own: plain = min + (max - min) * pow (normalised, skew), in steps where it has them.
#include "ParameterLayout.h"

namespace timbrefold
{
namespace
{
juce::String textOf (const Parameter& row, const juce::StringArray& choices, float plain)
{
    if (! choices.isEmpty())
        return choices[juce::jlimit (0, choices.size() - 1, juce::roundToInt (plain - row.min))];
    const auto number = row.step >= 1.0f ? juce::String (juce::roundToInt (plain)) : juce::String (plain, 2);
    return *row.unit == 0 ? number : number + " " + row.unit;
}

float plainOf (const Parameter& row, const juce::StringArray& choices, const juce::String& text)
{
    const int choice = choices.indexOf (text.trim(), true);
    return juce::jlimit (row.min, row.max, choice >= 0 ? row.min + static_cast<float> (choice) : text.getFloatValue());
}

std::unique_ptr<juce::RangedAudioParameter> parameterOf (const Parameter& row)
{
    const juce::StringArray choices = juce::StringArray::fromTokens (row.choices, "|", "");
    // JUCE's skew is the reciprocal of the table's.
    const juce::NormalisableRange<float> range (row.min, row.max, row.step, 1.0f / row.skew);
    return std::make_unique<juce::AudioParameterFloat> (
        juce::ParameterID (row.id, 1),
        row.label,
        range,
        row.initial,
        juce::AudioParameterFloatAttributes()
            .withLabel (row.unit)
            .withAutomatable (row.automatable)
            .withStringFromValueFunction ([&row, choices] (float plain, int) { return textOf (row, choices, plain); })
            .withValueFromStringFunction ([&row, choices] (const juce::String& text) { return plainOf (row, choices, text); }));
}
} // namespace

std::vector<juce::RangedAudioParameter*> addParameters (juce::AudioProcessor& processor)
{
    std::vector<juce::RangedAudioParameter*> inOrder;
    juce::AudioProcessorParameterGroup tree;
    std::unique_ptr<juce::AudioProcessorParameterGroup> group;
    const auto close = [&tree, &group]
    {
        if (group != nullptr)
            tree.addChild (std::move (group));
    };
    for (const auto& row : parameters)
    {
        if (group == nullptr || group->getID() != row.group)
        {
            close();
            group = std::make_unique<juce::AudioProcessorParameterGroup> (row.group, juce::String (row.group).substring (0, 1).toUpperCase() + juce::String (row.group).substring (1), " | ");
        }
        auto parameter = parameterOf (row);
        inOrder.push_back (parameter.get());
        group->addChild (std::move (parameter));
    }
    close();
    processor.setParameterTree (std::move (tree));
    return inOrder;
}
} // namespace timbrefold
