// The plug-in as a host sees it: JUCE's callbacks handed to the instrument, and nothing more.
#pragma once

#include "HostParameters.h"
#include "Instrument.h"
#include "InstrumentDoor.h"

#include <juce_audio_processors/juce_audio_processors.h>

namespace timbrefold
{
class Processor : public juce::AudioProcessor, private InstrumentHost, private juce::AsyncUpdater
{
public:
    Processor();
    ~Processor() override;

    void prepareToPlay (double sampleRate, int maximumBlock) override;
    void releaseResources() override;
    void reset() override;
    bool isBusesLayoutSupported (const BusesLayout& layout) const override;
    void processBlock (juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) override;
    void processBlockBypassed (juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) override;
    using juce::AudioProcessor::processBlock;
    using juce::AudioProcessor::processBlockBypassed;

    const juce::String getName() const override { return JucePlugin_Name; }
    bool acceptsMidi() const override { return true; }
    bool producesMidi() const override { return false; }
    bool supportsMPE() const override { return true; }
    double getTailLengthSeconds() const override { return tailSeconds; }
    bool hasEditor() const override { return true; }
    juce::AudioProcessorEditor* createEditor() override;

    int getNumPrograms() override { return juce::jmax (1, inner.programCount()); }
    int getCurrentProgram() override { return inner.program(); }
    void setCurrentProgram (int index) override { inner.selectProgram (index); }
    const juce::String getProgramName (int index) override { return juce::String::fromUTF8 (inner.programName (index).c_str()); }
    void changeProgramName (int, const juce::String&) override {}

    void getStateInformation (juce::MemoryBlock& data) override;
    void setStateInformation (const void* data, int size) override;

    /** For the editor. */
    Instrument& instrument() noexcept { return inner; }

private:
    /** The longest release, and what a decay over 60 dB leaves. */
    static constexpr double tailSeconds = 30.0;
    /** Between two polls while somebody watches or something goes on, and otherwise where the instrument does not ask for them. */
    static constexpr int pollMs = 33, restingPollMs = 250;

    /** Polls at regular intervals. JUCE's thread of timers wakes many times a second as long as any timer exists, so this one exists only where it is needed. */
    class Clock : private juce::Timer
    {
    public:
        explicit Clock (Processor& itsOwner) : owner (itsOwner) {}
        ~Clock() override { stopTimer(); }

        void every (int milliseconds)
        {
            if (getTimerInterval() != milliseconds)
                startTimer (milliseconds);
        }

    private:
        void timerCallback() override { owner.poll(); }

        Processor& owner;
    };

    void poll();
    void handleAsyncUpdate() override { poll(); }
    void pollSoon() override { triggerAsyncUpdate(); }
    void parameterMoved (int index, float normalised) override;
    void gesture (int index, bool begins) override;
    void programChanged() override;
    void sessionChanged() override;
    void followTransport (Player& player);

    Instrument inner;
    InstrumentDoor door { inner };
    const std::vector<HostParameter*> rows;
    std::unique_ptr<Clock> clock;
};
} // namespace timbrefold
