// The audio thread's promise, kept by force: a process in which anything that allocates, locks or enters the kernel between begin and end is written down.
// Linux only, and without sanitizers, which allocate and lock themselves.
#include "Guard.h"
#include "Played.h"

#include <cstdlib>
#include <doctest/doctest.h>

using namespace timbrefold;
using namespace timbrefold::tests;

namespace
{
/** Storms of MIDI and automation in blocks of many sizes, with sounds, models and sessions changing meanwhile. Runs in the guarded process. */
void storm (bool otherThread)
{
    const auto other = otherModel ("test.guarded", "Guarded");
    Instrument instrument (surroundingsWith());
    const auto model = models::open (other, "guarded.timbre");
    const auto factoryState = instrument.state();
    auto changed = Json::parse (factoryState);
    changed["preset"]["model"]["id"] = "test.guarded";
    const auto otherState = changed.dump();
    instrument.subscribe ([] (const Json&) {});
    instrument.handle ({ { "type", "learn" }, { "id", "macro2" } });
    instrument.prepare (48'000, false);
    std::atomic<bool> stop { false };
    std::thread messages;
    if (otherThread)
        messages = std::thread (
            [&]
            {
                for (int i = 0; ! stop.load(); i++)
                {
                    instrument.restore (i % 2 == 0 ? otherState : factoryState);
                    instrument.handle ({ { "type", "selectPreset" }, { "index", i % 7 } });
                    instrument.handle ({ { "type", "noteOn" }, { "key", 50 + i % 30 }, { "velocity", 0.5 }, { "channel", 0 } });
                    instrument.handle ({ { "type", "setPath" }, { "path", { 0.1, 0.2, 0.8, 0.9 } } });
                    instrument.poll();
                }
            });
    std::vector<float> left (8192), right (8192);
    std::uint32_t random = 11;
    const auto next = [&random] { return random = random * 1664525u + 1013904223u; };
    guard::enter();
    for (int i = 0; i < 400; i++)
    {
        const int count = std::array { 1, 32, 64, 128, 300, 512, 2048 }[next() % 7];
        auto& player = instrument.player();
        player.begin (left.data(), i % 5 == 0 ? nullptr : right.data(), count);
        player.transport (120 + i % 3, true, i * 0.1);
        const int events = i % 40 == 0 ? 5000 : 6;
        for (int k = 0; k < events; k++)
        {
            const auto bits = next();
            player.midi (k * count / events, static_cast<std::uint8_t> (0x80 | (bits >> 8 & 0x7f)), static_cast<std::uint8_t> (bits >> 16), static_cast<std::uint8_t> (bits >> 24));
        }
        player.end();
        for (std::size_t k = 0; k < 10; k++)
            instrument.automate (static_cast<int> (next() % parameters.size()), static_cast<float> (next() >> 8) / static_cast<float> (1 << 24));
        if (i % 100 == 99)
            player.reset();
    }
    guard::leave();
    stop.store (true);
    if (messages.joinable())
        messages.join();
}
} // namespace

TEST_CASE ("the guard sees an allocation, a lock and a system call")
{
    CHECK (guard::breaches ([] {}) == "");
    CHECK (guard::breaches (
               []
               {
                   guard::enter();
                   guard::leave();
               })
           == "");
    CHECK (guard::breaches (
               []
               {
                   guard::enter();
                   void* volatile fresh = std::malloc (100);
                   std::free (fresh);
                   guard::leave();
               })
               .find ("allocated")
           != std::string::npos);
    CHECK (guard::breaches (
               []
               {
                   std::mutex mutex;
                   guard::enter();
                   mutex.lock();
                   mutex.unlock();
                   guard::leave();
               })
               .find ("locked")
           != std::string::npos);
    CHECK (guard::breaches (
               []
               {
                   guard::enter();
                   std::this_thread::sleep_for (std::chrono::microseconds (1));
                   guard::leave();
               })
               .find ("system call")
           != std::string::npos);
}

TEST_CASE ("storms of MIDI and automation neither allocate nor lock nor enter the kernel")
{
    CHECK (guard::breaches ([] { storm (false); }) == "");
}

TEST_CASE ("neither do changes of sound, model and session from another thread")
{
    CHECK (guard::breaches ([] { storm (true); }) == "");
}
