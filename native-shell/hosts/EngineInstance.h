// Timbrefold's own instrument without a plug-in around it: what a plug-in format does not tell, it does.
#pragma once

#include "Instrument.h"
#include "instrument/Instrument.h"

#include <array>
#include <vector>

namespace timbrefold::hosts
{
class EngineInstance : public Instrument
{
public:
    /** Opens a bundle as the model that ships. @throws BundleError, std::runtime_error */
    EngineInstance (const std::string& bundle, double sampleRate, int maxBlock);

    void setFreeWheeling (bool freeWheeling) override;
    void midi (int offset, std::span<const std::uint8_t> message) override;
    void move (int offset, const std::string& parameter, float plain) override;
    void run (int frames) override;
    const float* left() const override { return leftOut.data(); }
    const float* right() const override { return rightOut.data(); }
    float latency() const override { return 0; }
    std::string saveState() override { return inner.state(); }
    void restoreState (const std::string& text) override { inner.restore (text); }
    int lateFrames() override { return inner.player().underruns(); }

private:
    struct Message
    {
        int offset;
        std::array<std::uint8_t, 3> bytes;
    };

    const std::vector<std::uint8_t> factory;
    timbrefold::Instrument inner;
    const double rate;
    std::vector<Message> waiting;
    std::vector<float> leftOut, rightOut;
};
} // namespace timbrefold::hosts
