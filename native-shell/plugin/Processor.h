// The plug-in as a host sees it: events in, audio out, around the core.
#pragma once

#include "Bundle.h"
#include "Core.h"
#include "Decoder.h"
#include "DecoderLoop.h"
#include "OfflinePump.h"
#include "RealtimePump.h"

#include <juce_audio_processors/juce_audio_processors.h>
#include <optional>
#include <thread>

namespace timbrefold
{
class Processor : public juce::AudioProcessor
{
public:
    Processor();
    ~Processor() override;

    void prepareToPlay (double sampleRate, int maximumBlock) override;
    void releaseResources() override;
    void reset() override;
    bool isBusesLayoutSupported (const BusesLayout& layout) const override;
    void processBlock (juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi) override;
    using juce::AudioProcessor::processBlock;

    const juce::String getName() const override { return JucePlugin_Name; }
    bool acceptsMidi() const override { return true; }
    bool producesMidi() const override { return false; }
    bool supportsMPE() const override { return true; }
    double getTailLengthSeconds() const override { return tailSeconds; }
    bool hasEditor() const override { return true; }
    juce::AudioProcessorEditor* createEditor() override;

    int getNumPrograms() override;
    int getCurrentProgram() override { return program; }
    void setCurrentProgram (int index) override;
    const juce::String getProgramName (int index) override;
    void changeProgramName (int, const juce::String&) override {}

    void getStateInformation (juce::MemoryBlock& data) override;
    void setStateInformation (const void* data, int size) override;

private:
    /** The longest release, and what a decay over 60 dB leaves. */
    static constexpr double tailSeconds = 30.0;

    /** What is at rest under the parameters: a latent and its place on the map. */
    struct Sound
    {
        std::vector<float> latent;
        float mapX = 0.5f, mapY = 0.5f;
    };

    void setSound (const Preset& preset);
    Preset takePreset() const;
    void takeSound();
    void sendParameters();
    void begin (double sampleRate, bool offline);
    void end();
    void render (juce::AudioBuffer<float>& audio, int from, int to);
    void play (float* left, float* right, int frames);

    const Bundle bundle;
    Core core;
    const std::unique_ptr<Decoder> decoder;
    /** How the core gets its frames: decoded where they are wanted when rendering offline, by a thread otherwise. Both are absent while nothing is prepared. */
    struct Live
    {
        Live (Core& core, Decoder& decoder) : pump (core, link), loop (link, decoder), thread ([this] { loop.run(); }) {}
        ~Live()
        {
            loop.stop();
            thread.join();
        }

        DecoderLink link;
        RealtimePump pump;
        DecoderLoop loop;
        std::thread thread;
    };
    std::optional<OfflinePump> offline;
    std::optional<Live> live;
    std::vector<juce::RangedAudioParameter*> parameters;
    /** Plain values the core has; NaN before the first. */
    std::vector<float> sent;
    std::vector<float> spare;
    int program = 0;

    /** Guards what the host's other threads ask for: never taken by the audio thread. */
    juce::CriticalSection stateLock;
    /** The preset last chosen; its parameters may have moved since. */
    Preset current;
    /** A state that this version cannot play, kept for the next save; empty otherwise. */
    juce::String foreignState;

    /** The newest sound, and whether the audio thread has still to hand it to the core. It only tries the lock. */
    juce::SpinLock soundLock;
    Sound sound;
    bool soundWaits = false;
};
} // namespace timbrefold
