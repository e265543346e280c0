// The snapshot between two threads: always whole, never older than the one before, and nothing new is nothing.
#include "Recent.h"
#include "Snapshot.h"

#include <doctest/doctest.h>
#include <thread>
#include <vector>

using namespace timbrefold;

TEST_CASE ("a snapshot is read once, and the newest of several")
{
    Snapshot<int> snapshot;
    CHECK (snapshot.read() == nullptr);
    for (int value : { 1, 2, 3 })
    {
        snapshot.next() = value;
        snapshot.publish();
    }
    REQUIRE (snapshot.read() != nullptr);
    CHECK (snapshot.read() == nullptr);
    snapshot.next() = 4;
    snapshot.publish();
    const auto* read = snapshot.read();
    REQUIRE (read != nullptr);
    CHECK (*read == 4);
}

TEST_CASE ("between two threads a snapshot is never torn and never goes back")
{
    constexpr int last = 100'000;
    Snapshot<std::array<int, 64>> snapshot;
    std::thread writer (
        [&snapshot]
        {
            for (int value = 1; value <= last; value++)
            {
                snapshot.next().fill (value);
                snapshot.publish();
            }
        });
    int before = 0;
    bool whole = true;
    while (before < last)
        if (const auto* read = snapshot.read())
        {
            for (const int value : *read)
                whole = whole && value == read->front();
            whole = whole && read->front() > before;
            before = read->front();
        }
    writer.join();
    CHECK (whole);
}

TEST_CASE ("the newest samples come in order, the oldest first")
{
    Recent recent;
    for (std::size_t i = 0; i < Recent::size + 100; i++)
        recent.push (static_cast<float> (i));
    std::vector<float> newest (50);
    recent.copy (newest);
    for (std::size_t i = 0; i < newest.size(); i++)
        CHECK (newest[i] == static_cast<float> (Recent::size + 50 + i));
}
