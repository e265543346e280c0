// The generated parameter table as the host sees it: ids, groups, ranges, units. The values are the instrument's.
#pragma once

#include "Instrument.h"

#include <juce_audio_processors/juce_audio_processors.h>

namespace timbrefold
{
/** A row of the table. Its value lies in the instrument, so that nothing has to be kept alike. */
class HostParameter : public juce::RangedAudioParameter
{
public:
    HostParameter (Instrument& instrument, int index);

    float getValue() const override { return instrument.normalised (index); }
    void setValue (float normalised) override { instrument.automate (index, normalised); }
    float getDefaultValue() const override { return toNormalised (row, row.initial); }
    juce::String getText (float normalised, int maximumLength) const override;
    float getValueForText (const juce::String& text) const override;
    bool isAutomatable() const override { return row.automatable; }
    bool isDiscrete() const override { return row.step > 0; }
    int getNumSteps() const override;
    /** Of steps without names their numbers: an LV2 has to list something. */
    juce::StringArray getAllValueStrings() const override { return choices.isEmpty() ? juce::RangedAudioParameter::getAllValueStrings() : choices; }
    const juce::NormalisableRange<float>& getNormalisableRange() const override { return range; }

    /** Tells the host of a value that the instrument has already. Message thread. */
    void tellHost (float normalised) { sendValueChangedMessageToListeners (normalised); }

private:
    Instrument& instrument;
    const int index;
    const Parameter& row;
    const juce::StringArray choices;
    const juce::NormalisableRange<float> range;
};

/** Adds a parameter for every row of the table to the processor, in the table's order, and returns them in that order. */
std::vector<HostParameter*> addParameters (juce::AudioProcessor& processor, Instrument& instrument);
} // namespace timbrefold
