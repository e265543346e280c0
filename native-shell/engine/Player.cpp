// Audio thread, save where the header says otherwise.
#include "Player.h"
#include "Midi.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

namespace timbrefold
{
namespace
{
/** Events the core's queue keeps free for parameters and for what it makes itself. */
constexpr int eventsPerRender = protocol::maxEvents - 512;
/** Samples rendered in one go. */
constexpr int longestTurn = 512;
constexpr int metersPerSecond = 30;
/** A controller and its parameter are at the same place when they are no further apart than this, normalised: a step and a half of 7 bits. */
constexpr float samePlace = 1.5f / 127.0f;

constexpr int allSoundOff = 120;
constexpr int allNotesOff = 123;

/** Sustain, the numbers that set up other numbers, and channel modes are not learned: the twin of RESERVED in plugin/wam/host/learning.ts. */
constexpr bool movable (int number)
{
    return number != 6 && number != 38 && number != 64 && (number < 98 || number > 101) && number < allSoundOff;
}
} // namespace

Player::Player (ParameterValues& itsValues, std::function<void()> itsLook) : values (itsValues), look (std::move (itsLook)), spare (longestTurn)
{
    for (auto& parameter : mapping)
        parameter.store (-1, std::memory_order_relaxed);
    sent.fill (std::numeric_limits<float>::quiet_NaN());
}

Player::~Player()
{
    release();
    withdraw();
    collect();
}

// ---- Message thread ------------------------------------------------------------------------------------------------------------------------------------------

bool Player::prepare (double sampleRate, bool isOffline)
{
    release();
    rate = static_cast<float> (sampleRate);
    try
    {
        core.prepare (rate, { .strict = isOffline });
    }
    catch (const std::invalid_argument&)
    {
        return false;
    }
    sent.fill (std::numeric_limits<float>::quiet_NaN());
    tempo = 0;
    ramping = 0;
    untilMeters = 0;
    if (isOffline)
        offline.emplace (core, slots);
    else
        live.emplace (core, slots, look);
    return true;
}

void Player::release()
{
    offline.reset();
    live.reset();
}

std::unique_ptr<Change> Player::withdraw()
{
    std::unique_ptr<Change> missed (inbox.exchange (nullptr, std::memory_order_acq_rel));
    if (missed != nullptr && missed->number != 0)
        slots.withdraw (missed->slot, missed->number);
    return missed;
}

void Player::submit (std::unique_ptr<Change> change)
{
    // Only one thread submits, and it has withdrawn what was there.
    inbox.store (change.release(), std::memory_order_release);
}

void Player::collect()
{
    for (Change* change = used.exchange (nullptr, std::memory_order_acquire); change != nullptr;)
        delete std::exchange (change, change->older);
}

void Player::play (int kind, int channel, int key, float value) noexcept
{
    const std::array record { static_cast<float> (kind), static_cast<float> (channel), static_cast<float> (key), value };
    played.push (record.data(), 1, record.size());
}

bool Player::take (PlayerNote& note) noexcept
{
    std::array<float, 3> record;
    if (notes.pull (record.data(), 1, record.size()) == 0)
        return false;
    note = { static_cast<PlayerNote::Kind> (record[0]), static_cast<int> (record[1]), static_cast<int> (record[2]) };
    return true;
}

// ---- Audio thread --------------------------------------------------------------------------------------------------------------------------------------------

void Player::note (PlayerNote::Kind kind, int number, int parameter) noexcept
{
    const std::array record { static_cast<float> (kind), static_cast<float> (number), static_cast<float> (parameter) };
    notes.push (record.data(), 1, record.size());
}

void Player::takeChange() noexcept
{
    Change* const change = inbox.exchange (nullptr, std::memory_order_acq_rel);
    if (change == nullptr)
        return;
    apply (*change);
    change->older = used.load (std::memory_order_relaxed);
    while (! used.compare_exchange_weak (change->older, change, std::memory_order_release, std::memory_order_relaxed))
        ;
}

void Player::apply (const Change& change) noexcept
{
    // Sizes were compared when the model was opened and when the change was made; should the core refuse all the same, it is silence and never a wrong sound.
    try
    {
        if (change.parts & Change::model)
        {
            current = nullptr;
            if (change.loaded == nullptr)
            {
                core.reset();
                return;
            }
            core.setModel (change.loaded->bundle.model, change.slot);
            slots.play (change.slot, change.number);
            current = change.loaded.get();
        }
        if (current == nullptr)
            return;
        if (change.parts & Change::sound)
        {
            core.setSeed (change.seed);
            core.setSound (change.latent, change.mapX, change.mapY);
        }
        if (change.parts & Change::cornerSounds)
            for (std::size_t corner = 0; corner < change.corners.size(); corner++)
                core.setCorner (static_cast<int> (corner), change.corners[corner]);
        if (change.parts & Change::keys)
            core.setTuning (change.tuning);
        if (change.parts & Change::walk)
            core.setPath (change.path);
        if (change.parts & Change::jumps)
            jump (change.values, 0);
    }
    catch (const std::exception&)
    {
        current = nullptr;
        core.reset();
    }
}

/** Brings every parameter to a value at once; the core still smooths what sounds. */
void Player::jump (const ParameterValues::Table& table, int at) noexcept
{
    ramping = 0;
    for (std::size_t i = 0; i < table.size(); i++)
    {
        if (table[i] == sent[i])
            continue;
        sent[i] = table[i];
        event (at, protocol::event::parameter, 0, static_cast<int> (i), table[i]);
    }
}

/** Sends what has moved since the block before on its way. */
void Player::followValues() noexcept
{
    ramping = 0;
    for (std::size_t i = 0; i < sent.size(); i++)
    {
        const float plain = values.plain (i);
        if (plain == sent[i])
            continue;
        const auto& row = parameters[i];
        if (row.step > 0 || frames <= protocol::controlInterval || std::isnan (sent[i]))
            event (0, protocol::event::parameter, 0, static_cast<int> (i), plain);
        else
            ramps[ramping++] = { i, toNormalised (row, sent[i]), toNormalised (row, plain) };
        sent[i] = plain;
    }
}

/** Moves every parameter under way to where it belongs at sample `until` of the block. */
void Player::stepRamps (int until) noexcept
{
    const float share = static_cast<float> (until) / static_cast<float> (frames);
    for (std::size_t i = 0; i < ramping; i++)
    {
        const auto& [index, from, to] = ramps[i];
        const float plain = until == frames ? sent[index] : toPlain (parameters[index], from + (to - from) * share);
        core.event (0, protocol::event::parameter, 0, static_cast<int> (index), plain);
    }
}

void Player::takePlayed() noexcept
{
    std::array<float, 4> record;
    while (queued < eventsPerRender && played.pull (record.data(), 1, record.size()) > 0)
        event (0, static_cast<int> (record[0]), static_cast<int> (record[1]), static_cast<int> (record[2]), record[3]);
}

/** Queues an event at a sample of the block that has not been rendered yet. */
void Player::event (int at, int kind, int channel, int key, float value) noexcept
{
    if (! core.event (std::max (0, at - position), kind, channel, key, value) && core.trap() == nullptr)
        overflowed = true;
    queued++;
}

void Player::begin (float* itsLeft, float* itsRight, int itsFrames) noexcept
{
    left = itsLeft;
    right = itsRight;
    frames = std::max (0, itsFrames);
    position = 0;
    queued = 0;
    if (! prepared())
        return;
    takeChange();
    if (frames == 0 || current == nullptr)
        return;
    if (live)
        live->pump.begin (frames);
    if (std::exchange (overflowed, false))
        for (int channel = 0; channel < 16; channel++)
            event (0, protocol::event::controller, channel, allNotesOff, 0);
    followValues();
    takePlayed();
}

void Player::midi (int at, std::uint8_t status, std::uint8_t data1, std::uint8_t data2) noexcept
{
    if (! prepared() || current == nullptr || frames == 0)
        return;
    at = std::clamp (at, position, frames);
    if (queued >= eventsPerRender)
    {
        // The queue is full: what it holds has to be played first.
        renderTo (std::min (at + 1, frames));
        at = std::max (at, position);
    }
    data1 &= 0x7f;
    data2 &= 0x7f;
    if ((status & 0xf0) == 0xc0)
        return selectProgram (at, data1);
    readMidi (status,
              data1,
              data2,
              [&] (int kind, int channel, int key, float value)
              {
                  if (kind == protocol::event::noteOn || kind == protocol::event::noteOff)
                      note (kind == protocol::event::noteOn ? PlayerNote::keyDown : PlayerNote::keyUp, key);
                  if (kind == protocol::event::controller)
                      controller (at, channel, key, value);
                  else
                      event (at, kind, channel, key, value);
              });
}

/** A controller does its learned work, or what MIDI says it means. */
void Player::controller (int at, int channel, int number, float value) noexcept
{
    const auto index = static_cast<std::size_t> (number);
    if (const int wanted = learning.load (std::memory_order_relaxed); wanted >= 0 && movable (number))
    {
        learning.store (-1, std::memory_order_relaxed);
        mapping[index].store (wanted, std::memory_order_relaxed);
        grips[index] = {};
        note (PlayerNote::learned, number, wanted);
    }
    const int mapped = mapping[index].load (std::memory_order_relaxed);
    if (mapped < 0)
        return event (at, protocol::event::controller, channel, number, value);
    const auto parameter = static_cast<std::size_t> (mapped);
    if (! takesOver (index, parameter, value))
        return;
    const float plain = toPlain (parameters[parameter], value);
    values.set (parameter, plain);
    sent[parameter] = plain;
    const auto end = ramps.begin() + static_cast<std::ptrdiff_t> (ramping);
    ramping = static_cast<std::size_t> (std::remove_if (ramps.begin(), end, [parameter] (const Ramp& ramp) { return ramp.index == parameter; }) - ramps.begin());
    event (at, protocol::event::parameter, 0, mapped, plain);
}

/** Soft take-over: a controller moves its parameter from the moment at which it meets or passes its value, until something else moves the parameter. */
bool Player::takesOver (std::size_t number, std::size_t parameter, float value) noexcept
{
    auto& grip = grips[number];
    const float now = values.normalised (parameter);
    if (grip.holds && std::abs (now - grip.parameter) > samePlace)
        grip.holds = false;
    const bool passed = grip.controller >= 0 && (grip.controller - now) * (value - now) <= 0;
    if (passed || std::abs (value - now) <= samePlace)
        grip.holds = true;
    grip.controller = value;
    grip.parameter = grip.holds ? toNormalised (parameters[parameter], toPlain (parameters[parameter], value)) : now;
    return grip.holds;
}

/** A program of the model, at its sample. */
void Player::selectProgram (int at, int index) noexcept
{
    if (static_cast<std::size_t> (index) >= current->bundle.presets.size())
        return;
    renderTo (at);
    const auto& preset = current->bundle.presets[static_cast<std::size_t> (index)];
    const auto table = tableOf (preset);
    values.set (table);
    core.setSeed (preset.seed);
    core.setSound (preset.latent, preset.mapX, preset.mapY);
    jump (table, at);
    note (PlayerNote::program, index);
}

void Player::transport (double beatsPerMinute, bool playing, double quarters) noexcept
{
    if (! prepared() || current == nullptr || frames == 0)
        return;
    if (const auto now = static_cast<float> (beatsPerMinute); now != tempo && std::isfinite (now))
    {
        tempo = now;
        event (0, protocol::event::tempo, 0, 0, now);
    }
    if (playing && std::isfinite (quarters))
        event (0, protocol::event::songPosition, 0, 0, static_cast<float> (quarters));
}

void Player::end() noexcept
{
    if (! prepared() || current == nullptr)
    {
        std::fill_n (left, frames, 0.0f);
        if (right != nullptr)
            std::fill_n (right, frames, 0.0f);
        return;
    }
    renderTo (frames);
    measure();
}

void Player::reset() noexcept
{
    if (prepared())
        core.reset();
}

void Player::renderTo (int end) noexcept
{
    while (position < end)
    {
        const int now = std::min (ramping > 0 ? protocol::controlInterval : longestTurn, end - position);
        if (ramping > 0)
            stepRamps (position + now);
        render (now);
    }
    queued = 0;
}

/** Renders the next `count` samples, at most longestTurn. */
void Player::render (int count) noexcept
{
    float* const toLeft = left + position;
    float* const toRight = right == nullptr ? spare.data() : right + position;
    bool sounds = true;
    try
    {
        if (live)
            sounds = live->pump.process (toLeft, toRight, count);
        else
            offline->process (toLeft, toRight, count);
    }
    catch (const std::exception&)
    {
        // A decoder that fails while bouncing: silence, and the next note may try again.
        std::fill_n (toLeft, count, 0.0f);
        std::fill_n (toRight, count, 0.0f);
        core.reset();
    }
    position += count;
    const bool record = recording.load (std::memory_order_relaxed);
    if (! sounds && ! record)
        return;
    for (int i = 0; i < count; i++)
    {
        const float middle = 0.5f * (toLeft[i] + toRight[i]);
        peakLeft = std::max (peakLeft, std::abs (toLeft[i]));
        peakRight = std::max (peakRight, std::abs (toRight[i]));
        if (record)
            output.push (middle);
        if (right == nullptr)
            toLeft[i] = middle;
    }
}

void Player::measure() noexcept
{
    untilMeters -= frames;
    if (untilMeters > 0)
        return;
    untilMeters = static_cast<int> (rate) / metersPerSecond;
    auto& meters = snapshot.next();
    meters.peakLeft = std::exchange (peakLeft, 0.0f);
    meters.peakRight = std::exchange (peakRight, 0.0f);
    meters.underruns = core.underruns();
    const auto report = core.voiceReport();
    std::copy (report.begin(), report.end(), meters.voices.begin());
    snapshot.publish();
}
} // namespace timbrefold
