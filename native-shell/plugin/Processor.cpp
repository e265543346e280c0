// Rendering, programs and state.
#include "Processor.h"
#include "Factory.h"
#include "Midi.h"
#include "OnnxDecoder.h"
#include "ParameterLayout.h"
#include "StateCodec.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace timbrefold
{
namespace
{
/** Events the core's queue keeps free for what it makes itself. */
constexpr int eventsPerRender = protocol::maxEvents - 64;
/** Bytes of a state, at most. */
constexpr std::size_t maxStateBytes = std::size_t { 1 } << 20;
constexpr std::size_t mapXIndex = parameterIndex ("mapX");
constexpr std::size_t mapYIndex = parameterIndex ("mapY");

Bundle factoryBundle()
{
    return readBundle ({ reinterpret_cast<const std::uint8_t*> (Factory::atlas_timbre), static_cast<std::size_t> (Factory::atlas_timbreSize) }, "atlas.timbre");
}
} // namespace

Processor::Processor()
    : AudioProcessor (BusesProperties().withOutput ("Output", juce::AudioChannelSet::stereo(), true)), bundle (factoryBundle()), decoder (openDecoder (bundle)),
      parameters (addParameters (*this)), sent (parameters.size(), std::numeric_limits<float>::quiet_NaN())
{
    setCurrentProgram (0);
}

bool Processor::isBusesLayoutSupported (const BusesLayout& layout) const
{
    const auto& output = layout.getMainOutputChannelSet();
    return layout.inputBuses.isEmpty() && (output == juce::AudioChannelSet::stereo() || output == juce::AudioChannelSet::mono());
}

Processor::~Processor()
{
    end();
}

void Processor::prepareToPlay (double sampleRate, int maximumBlock)
{
    spare.assign (static_cast<std::size_t> (std::max (1, maximumBlock)), 0.0f);
    begin (sampleRate, isNonRealtime());
}

void Processor::releaseResources()
{
    end();
}

/** Joins core and decoder anew. At a rate that the core does not play the instrument stays silent. */
void Processor::begin (double sampleRate, bool isOffline)
{
    end();
    const Preset preset = takePreset();
    try
    {
        core.prepare (static_cast<float> (sampleRate), { .seed = preset.seed, .strict = isOffline });
    }
    catch (const std::invalid_argument&)
    {
        return;
    }
    core.setModel (bundle.model);
    core.setSound (preset.latent, preset.mapX, preset.mapY);
    std::fill (sent.begin(), sent.end(), std::numeric_limits<float>::quiet_NaN());
    if (isOffline)
        offline.emplace (core, *decoder);
    else
        live.emplace (core, *decoder);
}

/** Ends the decoder thread. */
void Processor::end()
{
    offline.reset();
    live.reset();
}

void Processor::reset()
{
    if (offline || live)
        core.reset();
}

void Processor::processBlock (juce::AudioBuffer<float>& audio, juce::MidiBuffer& midi)
{
    audio.clear();
    const int frames = audio.getNumSamples();
    if ((! offline && ! live) || frames == 0 || audio.getNumChannels() == 0)
        return;
    // Some hosts change their mind between blocks; then, and only then, there is work here that takes its time.
    if (isNonRealtime() != offline.has_value())
        begin (getSampleRate(), isNonRealtime());
    takeSound();
    sendParameters();
    int position = 0;
    int queued = 0;
    for (const auto message : midi)
    {
        const int at = juce::jlimit (position, frames - 1, message.samplePosition);
        if (queued == eventsPerRender)
        {
            // The queue is full: what it holds has to be played first.
            render (audio, position, std::max (at, position + 1));
            position = std::min (std::max (at, position + 1), frames);
            queued = 0;
            if (position == frames)
                return;
        }
        const auto byte = [&message] (int index) { return index < message.numBytes ? message.data[index] : juce::uint8 {}; };
        readMidi (byte (0),
                  byte (1),
                  byte (2),
                  [&] (int kind, int channel, int key, float value)
                  {
                      core.event (std::max (at, position) - position, kind, channel, key, value);
                      queued++;
                  });
    }
    render (audio, position, frames);
}

/** Renders [from, to) of the block. */
void Processor::render (juce::AudioBuffer<float>& audio, int from, int to)
{
    const bool stereo = audio.getNumChannels() > 1;
    const int longest = stereo ? to - from : static_cast<int> (spare.size());
    for (int at = from; at < to;)
    {
        const int now = std::min (longest, to - at);
        float* left = audio.getWritePointer (0, at);
        float* right = stereo ? audio.getWritePointer (1, at) : spare.data();
        play (left, right, now);
        if (! stereo)
            for (int i = 0; i < now; i++)
                left[i] = 0.5f * (left[i] + right[i]);
        at += now;
    }
}

void Processor::play (float* left, float* right, int frames)
{
    if (live)
        return live->pump.process (left, right, frames);
    try
    {
        offline->process (left, right, frames);
    }
    catch (const std::exception&)
    {
        // A decoder that fails while bouncing: silence, until the host prepares anew.
        std::fill_n (left, frames, 0.0f);
        std::fill_n (right, frames, 0.0f);
        core.reset();
    }
}

/** Hands the core what has moved since the last block; the core smooths it. */
void Processor::sendParameters()
{
    for (std::size_t i = 0; i < parameters.size(); i++)
    {
        const float plain = parameters[i]->convertFrom0to1 (parameters[i]->getValue());
        if (plain == sent[i])
            continue;
        sent[i] = plain;
        core.event (0, protocol::event::parameter, 0, static_cast<int> (i), plain);
    }
}

/** Hands the core a sound chosen since the last block; where the message thread is just writing one, it waits for the next block. */
void Processor::takeSound()
{
    const juce::SpinLock::ScopedTryLockType lock (soundLock);
    if (! lock.isLocked() || ! soundWaits)
        return;
    soundWaits = false;
    core.setSound (sound.latent, sound.mapX, sound.mapY);
}

void Processor::setSound (const Preset& preset)
{
    const juce::ScopedLock writing (stateLock);
    current = preset;
    {
        const juce::SpinLock::ScopedLockType lock (soundLock);
        sound = { preset.latent, preset.mapX, preset.mapY };
        soundWaits = true;
    }
    foreignState = {};
    std::vector<float> plain (parameters.size());
    std::transform (timbrefold::parameters.begin(), timbrefold::parameters.end(), plain.begin(), [] (const Parameter& row) { return row.initial; });
    for (std::size_t i = 0; i < preset.macros.size(); i++)
        plain[i] = preset.macros[i];
    plain[mapXIndex] = preset.mapX;
    plain[mapYIndex] = preset.mapY;
    for (const auto& [index, value] : preset.parameters)
        plain[static_cast<std::size_t> (index)] = value;
    for (std::size_t i = 0; i < parameters.size(); i++)
        parameters[i]->setValueNotifyingHost (parameters[i]->convertTo0to1 (plain[i]));
}

/** The preset in hand with the parameters as they stand. */
Preset Processor::takePreset() const
{
    const juce::ScopedLock reading (stateLock);
    Preset preset = current;
    preset.parameters.clear();
    for (std::size_t i = 0; i < parameters.size(); i++)
    {
        const float plain = parameters[i]->convertFrom0to1 (parameters[i]->getValue());
        if (i < preset.macros.size())
            preset.macros[i] = plain;
        else if (i != mapXIndex && i != mapYIndex && plain != timbrefold::parameters[i].initial)
            preset.parameters.emplace_back (static_cast<int> (i), plain);
    }
    return preset;
}

juce::AudioProcessorEditor* Processor::createEditor()
{
    return new juce::GenericAudioProcessorEditor (*this);
}

int Processor::getNumPrograms()
{
    return static_cast<int> (bundle.presets.size());
}

void Processor::setCurrentProgram (int index)
{
    if (index < 0 || index >= getNumPrograms())
        return;
    program = index;
    setSound (bundle.presets[static_cast<std::size_t> (index)]);
}

const juce::String Processor::getProgramName (int index)
{
    return index >= 0 && index < getNumPrograms() ? juce::String::fromUTF8 (bundle.presets[static_cast<std::size_t> (index)].name.c_str()) : juce::String();
}

void Processor::getStateInformation (juce::MemoryBlock& data)
{
    const juce::ScopedLock reading (stateLock);
    const auto text = foreignState.isEmpty() ? juce::String::fromUTF8 (writeState (takePreset(), bundle).c_str()) : foreignState;
    data.replaceAll (text.toRawUTF8(), text.getNumBytesAsUTF8());
}

void Processor::setStateInformation (const void* data, int size)
{
    if (size <= 0 || static_cast<std::size_t> (size) > maxStateBytes)
        return;
    const std::string text (static_cast<const char*> (data), static_cast<std::size_t> (size));
    Preset preset;
    switch (readState (text, bundle, preset))
    {
        case StateKind::mine: setSound (preset); break;
        case StateKind::foreign:
        {
            // A state of another model or of a newer version: nothing of it is lost when the session is saved again.
            const juce::ScopedLock writing (stateLock);
            foreignState = juce::String::fromUTF8 (text.c_str());
            break;
        }
        case StateKind::broken: break;
    }
}
} // namespace timbrefold

juce::AudioProcessor* JUCE_CALLTYPE createPluginFilter()
{
    return new timbrefold::Processor();
}
