// An instrument without sound behind the editor: decides and echoes as the real one does.
#pragma once

#include "Door.h"

#include <juce_audio_processors/juce_audio_processors.h>
#include <map>

namespace timbrefold
{
class StandIn final : public Door
{
public:
    int subscribe (std::function<void (const Json&)> listener) override;
    void unsubscribe (int subscription) override;
    bool handle (const Json& request) override;
    void emit (Json message) override;
    Json keptInSession (const std::string& name) const override;
    void keepInSession (const std::string& name, Json value) override;
    std::vector<std::uint8_t> bundle() const override { return {}; }

    /** Every request, in order. */
    std::vector<Json> requests;
    std::map<std::string, double> values;
    Json kept = Json::object(), sessionKeep;

private:
    std::map<int, std::function<void (const Json&)>> listeners;
    int last = 0;
};

/** A processor for the editor to stand on. */
class SilentProcessor final : public juce::AudioProcessor
{
public:
    SilentProcessor() { addParameter (new juce::AudioParameterFloat (juce::ParameterID ("macro1", 1), "Macro 1", 0.0f, 1.0f, 0.5f)); }
    const juce::String getName() const override { return "Timbrefold"; }
    void prepareToPlay (double, int) override {}
    void releaseResources() override {}
    void processBlock (juce::AudioBuffer<float>& audio, juce::MidiBuffer&) override { audio.clear(); }
    double getTailLengthSeconds() const override { return 0; }
    bool acceptsMidi() const override { return true; }
    bool producesMidi() const override { return false; }
    juce::AudioProcessorEditor* createEditor() override { return nullptr; }
    bool hasEditor() const override { return true; }
    int getNumPrograms() override { return 1; }
    int getCurrentProgram() override { return 0; }
    void setCurrentProgram (int) override {}
    const juce::String getProgramName (int) override { return {}; }
    void changeProgramName (int, const juce::String&) override {}
    void getStateInformation (juce::MemoryBlock&) override {}
    void setStateInformation (const void*, int) override {}
};
} // namespace timbrefold
