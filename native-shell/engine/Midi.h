// MIDI 1.0 channel messages to events of the core. The twin of readMidi in plugin/wam/midi-bytes.ts. Audio thread.
#pragma once

#include "generated/protocol.h"

#include <cstdint>

namespace timbrefold
{
/** Hands the event that three bytes mean to `sink (kind, channel, key, value)`; program changes and system messages mean nothing here. */
template <typename Sink>
void readMidi (std::uint8_t status, std::uint8_t data1, std::uint8_t data2, Sink sink)
{
    namespace event = protocol::event;
    constexpr int bendCentre = 8192;
    const int channel = status & 0x0f;
    const auto share = [] (std::uint8_t value) { return static_cast<float> (value) / 127.0f; };
    switch (status & 0xf0)
    {
        case 0x90:
            // A note-on of velocity 0 is a note-off, by the MIDI specification.
            sink (data2 > 0 ? event::noteOn : event::noteOff, channel, int { data1 }, share (data2));
            break;
        case 0x80: sink (event::noteOff, channel, int { data1 }, share (data2)); break;
        case 0xa0: sink (event::keyPressure, channel, int { data1 }, share (data2)); break;
        case 0xb0: sink (event::controller, channel, int { data1 }, share (data2)); break;
        case 0xd0: sink (event::pressure, channel, 0, share (data1)); break;
        case 0xe0:
        {
            const int bend = (data1 | (data2 << 7)) - bendCentre;
            sink (event::pitchBend, channel, 0, static_cast<float> (bend) / static_cast<float> (bend < 0 ? bendCentre : bendCentre - 1));
            break;
        }
        default: break;
    }
}
} // namespace timbrefold
