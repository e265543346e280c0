// The native core is the core: the same calls give the same bits as in V8, beside other instances, on other threads, in any host's float settings.
#include "Transcript.h"

#include <doctest/doctest.h>
#include <thread>
#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

using namespace timbrefold;
using namespace timbrefold::tests;

TEST_CASE ("every transcript is repeated to the bit")
{
    const auto names = transcriptNames();
    REQUIRE (names.size() >= 7);
    for (const auto& name : names)
    {
        CAPTURE (name);
        const auto replay = replayOf (name);
        replay->run();
        CHECK (replay->difference() == "");
        CHECK (replay->samples() >= 10'000);
        CHECK (replay->rows() >= 100);
        CHECK (replay->peak() > 0.01f);
    }
}

TEST_CASE ("two instances that take turns do not disturb each other")
{
    const auto one = replayOf ("busy-48000");
    const auto other = replayOf ("live");
    bool more = true;
    while (more)
    {
        const bool first = one->step();
        const bool second = other->step();
        more = first || second;
    }
    CHECK (one->difference() == "");
    CHECK (other->difference() == "");
}

TEST_CASE ("instances on threads of their own do not disturb each other")
{
    std::vector<std::unique_ptr<Replay>> replays;
    for (const char* name : { "busy-22050", "busy-44100", "ways" })
        replays.push_back (replayOf (name));
    std::vector<std::thread> threads;
    for (auto& replay : replays)
        threads.emplace_back ([&replay] { replay->run(); });
    for (auto& thread : threads)
        thread.join();
    for (const auto& replay : replays)
        CHECK (replay->difference() == "");
}

#if defined(__x86_64__)
TEST_CASE ("a host that flushes denormals and rounds otherwise changes nothing, and finds its settings again")
{
    const auto before = _mm_getcsr();
    // Flush to zero, denormals are zero, round towards zero.
    const unsigned hostile = (before & ~0x3fu) | 0x8040u | 0x6000u;
    const auto replay = replayOf ("ways");
    bool more = true;
    bool kept = true;
    while (more)
    {
        _mm_setcsr (hostile);
        more = replay->step();
        kept = kept && (_mm_getcsr() & ~0x3fu) == hostile;
        _mm_setcsr (before);
    }
    CHECK (kept);
    CHECK (replay->difference() == "");
}
#endif
