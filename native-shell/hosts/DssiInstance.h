// One DSSI synthesizer (a LADSPA plug-in that takes ALSA sequencer events): for peers that Debian has in no other format.
#pragma once

#include "Instrument.h"

#include <dssi.h>
#include <vector>

namespace timbrefold::hosts
{
class DssiInstance : public Instrument
{
public:
    /** Opens the first synthesizer of a library, with the program of that bank and number. @throws std::runtime_error with a sentence */
    DssiInstance (const std::string& library, double sampleRate, int maxBlock, unsigned long bank, unsigned long program);
    DssiInstance (const DssiInstance&) = delete;
    DssiInstance& operator= (const DssiInstance&) = delete;
    ~DssiInstance() override;

    void setFreeWheeling (bool) override {}
    void midi (int offset, std::span<const std::uint8_t> message) override;
    void move (int offset, const std::string& parameter, float plain) override;
    void run (int frames) override;
    const float* left() const override { return outputs.front().data(); }
    const float* right() const override { return outputs.back().data(); }
    float latency() const override { return 0; }
    std::string saveState() override;
    void restoreState (const std::string& text) override;

private:
    const DSSI_Descriptor* descriptor = nullptr;
    LADSPA_Handle handle = nullptr;
    std::vector<float> controls;
    std::vector<std::vector<float>> outputs;
    std::vector<float> silence;
    std::vector<snd_seq_event_t> waiting;
};
} // namespace timbrefold::hosts
