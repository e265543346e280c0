// What a performance needs of an instrument, whatever its plug-in format.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace timbrefold::hosts
{
class Instrument
{
public:
    virtual ~Instrument() = default;

    /** Says whether blocks come as fast as they are made (a bounce). */
    virtual void setFreeWheeling (bool freeWheeling) = 0;

    /** Queues a MIDI message or a parameter move (plain value) `offset` samples into the next block. @throws std::runtime_error where the format has no such parameter */
    virtual void midi (int offset, std::span<const std::uint8_t> message) = 0;
    virtual void move (int offset, const std::string& parameter, float plain) = 0;

    /** Plays the next block, at most as long as was announced. */
    virtual void run (int frames) = 0;

    virtual const float* left() const = 0;
    virtual const float* right() const = 0;

    /** Samples of latency it reports; 0 where it says nothing. */
    virtual float latency() const = 0;

    /** Frames that came too late since it was opened or set to another way of playing; 0 where it does not tell. */
    virtual int lateFrames() { return 0; }

    /** The state as text, and back. @throws std::runtime_error where there is none */
    virtual std::string saveState() = 0;
    virtual void restoreState (const std::string& text) = 0;
};
} // namespace timbrefold::hosts
