// One thread throughout.
#include "DssiInstance.h"

#include <cmath>
#include <dlfcn.h>
#include <stdexcept>

namespace timbrefold::hosts
{
namespace
{
/** The default a port hints at; what is not hinted is 0. */
float initialValue (const LADSPA_PortRangeHint& hint, double sampleRate)
{
    const auto kind = hint.HintDescriptor;
    const float scale = LADSPA_IS_HINT_SAMPLE_RATE (kind) ? static_cast<float> (sampleRate) : 1.0f;
    const float low = hint.LowerBound * scale;
    const float high = hint.UpperBound * scale;
    const bool logarithmic = LADSPA_IS_HINT_LOGARITHMIC (kind);
    const auto mix = [low, high, logarithmic] (float share)
    { return logarithmic ? std::exp (std::log (low) * (1 - share) + std::log (high) * share) : low * (1 - share) + high * share; };
    if (LADSPA_IS_HINT_DEFAULT_MINIMUM (kind))
        return low;
    if (LADSPA_IS_HINT_DEFAULT_LOW (kind))
        return mix (0.25f);
    if (LADSPA_IS_HINT_DEFAULT_MIDDLE (kind))
        return mix (0.5f);
    if (LADSPA_IS_HINT_DEFAULT_HIGH (kind))
        return mix (0.75f);
    if (LADSPA_IS_HINT_DEFAULT_MAXIMUM (kind))
        return high;
    if (LADSPA_IS_HINT_DEFAULT_1 (kind))
        return 1;
    if (LADSPA_IS_HINT_DEFAULT_100 (kind))
        return 100;
    return LADSPA_IS_HINT_DEFAULT_440 (kind) ? 440.0f : 0.0f;
}
} // namespace

DssiInstance::DssiInstance (const std::string& library, double sampleRate, int maxBlock, unsigned long bank, unsigned long program)
{
    // It stays open until the process ends.
    void* const opened = dlopen (library.c_str(), RTLD_NOW | RTLD_LOCAL);
    const auto entry = opened == nullptr ? nullptr : reinterpret_cast<DSSI_Descriptor_Function> (dlsym (opened, "dssi_descriptor"));
    descriptor = entry == nullptr ? nullptr : entry (0);
    if (descriptor == nullptr || descriptor->run_synth == nullptr)
        throw std::runtime_error (library + " is no DSSI synthesizer.");
    const auto& plugin = *descriptor->LADSPA_Plugin;
    handle = plugin.instantiate (&plugin, static_cast<unsigned long> (sampleRate));
    if (handle == nullptr)
        throw std::runtime_error (library + " could not be instantiated.");
    controls.resize (plugin.PortCount);
    silence.resize (static_cast<std::size_t> (maxBlock));
    for (unsigned long port = 0; port < plugin.PortCount; port++)
    {
        const auto kind = plugin.PortDescriptors[port];
        if (LADSPA_IS_PORT_CONTROL (kind))
        {
            controls[port] = initialValue (plugin.PortRangeHints[port], sampleRate);
            plugin.connect_port (handle, port, &controls[port]);
        }
        else if (LADSPA_IS_PORT_OUTPUT (kind))
        {
            outputs.emplace_back (static_cast<std::size_t> (maxBlock));
            plugin.connect_port (handle, port, outputs.back().data());
        }
        else
            plugin.connect_port (handle, port, silence.data());
    }
    if (outputs.empty())
        throw std::runtime_error (library + " gives no sound.");
    if (plugin.activate != nullptr)
        plugin.activate (handle);
    // A host asks for the programs before it chooses one.
    for (unsigned long i = 0; descriptor->get_program != nullptr && descriptor->get_program (handle, i) != nullptr;)
        i++;
    if (descriptor->select_program != nullptr)
        descriptor->select_program (handle, bank, program);
}

DssiInstance::~DssiInstance()
{
    const auto& plugin = *descriptor->LADSPA_Plugin;
    if (plugin.deactivate != nullptr)
        plugin.deactivate (handle);
    plugin.cleanup (handle);
}

void DssiInstance::midi (int offset, std::span<const std::uint8_t> message)
{
    snd_seq_event_t event {};
    event.time.tick = static_cast<unsigned> (offset);
    const auto channel = static_cast<unsigned char> (message[0] & 0x0f);
    switch (message[0] & 0xf0)
    {
        case 0x90:
        case 0x80:
            event.type = (message[0] & 0xf0) == 0x90 && message[2] > 0 ? SND_SEQ_EVENT_NOTEON : SND_SEQ_EVENT_NOTEOFF;
            event.data.note.channel = channel;
            event.data.note.note = message[1];
            event.data.note.velocity = message[2];
            break;
        case 0xb0:
            event.type = SND_SEQ_EVENT_CONTROLLER;
            event.data.control.channel = channel;
            event.data.control.param = message[1];
            event.data.control.value = message[2];
            break;
        default: return;
    }
    waiting.push_back (event);
}

void DssiInstance::move (int, const std::string& parameter, float)
{
    throw std::runtime_error ("A DSSI synthesizer has no parameter \"" + parameter + "\".");
}

void DssiInstance::run (int frames)
{
    descriptor->run_synth (handle, static_cast<unsigned long> (frames), waiting.data(), static_cast<unsigned long> (waiting.size()));
    waiting.clear();
}

std::string DssiInstance::saveState()
{
    throw std::runtime_error ("This host keeps no state of DSSI synthesizers.");
}

void DssiInstance::restoreState (const std::string&)
{
    throw std::runtime_error ("This host keeps no state of DSSI synthesizers.");
}
} // namespace timbrefold::hosts
