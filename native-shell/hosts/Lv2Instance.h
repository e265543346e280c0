// One LV2 instrument and the features it asks of its host.
#pragma once

#include "Instrument.h"

#include <cstdint>
#include <deque>
#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/options/options.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace timbrefold::hosts
{
/** URIs and the numbers that stand for them, one set for the process. */
class Urids
{
public:
    LV2_URID map (const std::string& uri);
    const char* unmap (LV2_URID urid) const;

    LV2_URID_Map mapFeature { this, [] (LV2_URID_Map_Handle self, const char* uri) { return static_cast<Urids*> (self)->map (uri); } };
    LV2_URID_Unmap unmapFeature { this, [] (LV2_URID_Unmap_Handle self, LV2_URID urid) { return static_cast<const Urids*> (self)->unmap (urid); } };

private:
    std::map<std::string, LV2_URID> numbers;
    std::deque<std::string> names;
};

/** The plug-ins this machine has, or those of one folder. */
class Lv2World
{
public:
    /** `bundle`: a .lv2 folder to load; empty: all that are installed. */
    explicit Lv2World (const std::string& bundle);
    Lv2World (const Lv2World&) = delete;
    Lv2World& operator= (const Lv2World&) = delete;
    ~Lv2World() { lilv_world_free (world); }

    /** @throws std::runtime_error where there is none of that URI */
    const LilvPlugin* find (const std::string& uri) const;

    LilvWorld* const world = lilv_world_new();
    Urids urids;
};

class Lv2Instance : public Instrument
{
public:
    /** Instantiates, connects and activates. @throws std::runtime_error with a sentence */
    Lv2Instance (Lv2World& world, const LilvPlugin* plugin, double sampleRate, int maxBlock);
    Lv2Instance (const Lv2Instance&) = delete;
    Lv2Instance& operator= (const Lv2Instance&) = delete;
    ~Lv2Instance() override;

    void setFreeWheeling (bool freeWheeling) override;
    void midi (int offset, std::span<const std::uint8_t> message) override;
    void move (int offset, const std::string& parameter, float plain) override;
    void run (int frames) override;
    const float* left() const override { return outputs.front().data(); }
    const float* right() const override { return outputs.back().data(); }
    float latency() const override { return latencyPort < 0 ? 0.0f : controls[static_cast<std::size_t> (latencyPort)]; }
    /** As Turtle. */
    std::string saveState() override;
    void restoreState (const std::string& turtle) override;

    /** Loads a preset that the plug-in brings, by its URI. @throws std::runtime_error with a sentence */
    void loadPreset (const std::string& uri);

private:
    struct Queued
    {
        int offset;
        LV2_URID type;
        std::vector<std::uint8_t> body;
    };

    void queue (int offset, LV2_URID type, std::span<const std::uint8_t> body);
    void writeSequence();
    void restore (const LilvState* state);
    static LV2_Worker_Status schedule (LV2_Worker_Schedule_Handle self, std::uint32_t size, const void* data);
    void work();

    Lv2World& world;
    const LilvPlugin* const plugin;
    const std::string uri;
    float sampleRate;
    std::int32_t maxBlock, sequenceBytes = 1 << 18;
    LV2_URID atomInt, atomFloat, atomSequence, midiEvent, patchSet, patchProperty, patchValue;
    std::vector<LV2_Options_Option> options;
    LV2_Worker_Schedule scheduleFeature { this, schedule };
    std::vector<LV2_Feature> features;
    std::vector<const LV2_Feature*> featureList;
    std::vector<float> controls;
    std::vector<std::vector<float>> inputs, outputs;
    /** Atom ports: 8-byte aligned memory for sequences, by port. */
    std::map<std::uint32_t, std::vector<std::uint64_t>> sequences;
    int midiPort = -1, latencyPort = -1, freeWheelPort = -1;
    std::vector<Queued> waiting;
    std::deque<std::vector<std::uint8_t>> jobs;
    LilvInstance* instance = nullptr;
};
} // namespace timbrefold::hosts
