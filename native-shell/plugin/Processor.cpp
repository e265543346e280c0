// Everything that is not a call of JUCE is the instrument's.
#include "Processor.h"
#include "Editor.h"
#include "Factory.h"

namespace timbrefold
{
namespace
{
Instrument::Surroundings surroundings()
{
    return { { reinterpret_cast<const std::uint8_t*> (Factory::atlas_timbre), static_cast<std::size_t> (Factory::atlas_timbreSize) }, ModelFolder::usual() };
}
} // namespace

Processor::Processor()
    : AudioProcessor (BusesProperties().withOutput ("Output", juce::AudioChannelSet::stereo(), true)), inner (surroundings()), rows (addParameters (*this, inner))
{
    inner.setHost (this);
    triggerAsyncUpdate();
}

Processor::~Processor()
{
    clock.reset();
    inner.setHost (nullptr);
    cancelPendingUpdate();
}

bool Processor::isBusesLayoutSupported (const BusesLayout& layout) const
{
    const auto& output = layout.getMainOutputChannelSet();
    return layout.inputBuses.isEmpty() && layout.outputBuses.size() == 1 && (output == juce::AudioChannelSet::stereo() || output == juce::AudioChannelSet::mono());
}

void Processor::prepareToPlay (double sampleRate, int)
{
    inner.prepare (sampleRate, isNonRealtime());
    triggerAsyncUpdate();
}

void Processor::releaseResources()
{
    inner.release();
    triggerAsyncUpdate();
}

void Processor::reset()
{
    inner.player().reset();
}

void Processor::processBlock (juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi)
{
    auto& player = inner.player();
    // Some hosts change their mind between blocks; then, and only then, there is work here that takes its time.
    if (player.prepared() && isNonRealtime() != player.rendersOffline())
    {
        inner.prepare (getSampleRate(), isNonRealtime());
        triggerAsyncUpdate();
    }
    const int channels = audio.getNumChannels();
    if (channels == 0)
        return;
    for (int channel = 2; channel < channels; channel++)
        audio.clear (channel, 0, audio.getNumSamples());
    player.begin (audio.getWritePointer (0), channels > 1 ? audio.getWritePointer (1) : nullptr, audio.getNumSamples());
    followTransport (player);
    for (const auto message : midi)
    {
        const auto byte = [&message] (int index) { return index < message.numBytes ? message.data[index] : juce::uint8 {}; };
        player.midi (message.samplePosition, byte (0), byte (1), byte (2));
    }
    player.end();
}

void Processor::processBlockBypassed (juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi)
{
    // Notes begin and end unheard, so that none hangs when the bypass does.
    processBlock (audio, midi);
    audio.clear();
}

void Processor::followTransport (Player& player)
{
    const auto* const head = getPlayHead();
    const auto position = head == nullptr ? juce::Optional<juce::AudioPlayHead::PositionInfo>() : head->getPosition();
    if (! position.hasValue())
        return;
    if (const auto tempo = position->getBpm())
        player.transport (*tempo, position->getIsPlaying() && position->getPpqPosition().hasValue(), position->getPpqPosition().orFallback (0));
}

juce::AudioProcessorEditor* Processor::createEditor()
{
    return new Editor (*this, door);
}

void Processor::getStateInformation (juce::MemoryBlock& data)
{
    const auto text = inner.state();
    data.replaceAll (text.data(), text.size());
}

void Processor::setStateInformation (const void* data, int size)
{
    inner.restore ({ static_cast<const char*> (data), static_cast<std::size_t> (juce::jmax (0, size)) });
}

void Processor::poll()
{
    const bool watched = inner.poll();
    if (! watched && inner.asksForPolls())
    {
        clock.reset();
        return;
    }
    if (clock == nullptr)
        clock = std::make_unique<Clock> (*this);
    clock->every (watched ? pollMs : restingPollMs);
}

void Processor::parameterMoved (int index, float normalised)
{
    rows[static_cast<std::size_t> (index)]->tellHost (normalised);
}

void Processor::gesture (int index, bool begins)
{
    auto& row = *rows[static_cast<std::size_t> (index)];
    if (begins)
        row.beginChangeGesture();
    else
        row.endChangeGesture();
}

void Processor::programChanged()
{
    updateHostDisplay (ChangeDetails().withProgramChanged (true));
}

void Processor::sessionChanged()
{
    updateHostDisplay (ChangeDetails().withNonParameterStateChanged (true));
}
} // namespace timbrefold

juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter()
{
    return new timbrefold::Processor();
}
