// The rings between audio thread and decoder: order, limits, wrap-around, and two threads at once (the thread sanitizer's build runs this too).
#include "Ring.h"

#include <array>
#include <doctest/doctest.h>
#include <numeric>
#include <thread>

using timbrefold::Ring;

TEST_CASE ("records come out in order, and no more than fit go in")
{
    Ring ring (4, 3);
    const std::array<float, 10> in { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    CHECK (ring.writable() == 4);
    CHECK (ring.push (in.data(), 5, 2) == 4);
    CHECK (ring.writable() == 0);
    CHECK (ring.push (in.data(), 1, 2) == 0);
    std::array<float, 8> out {};
    CHECK (ring.pull (out.data(), 3, 2) == 3);
    CHECK (out == std::array<float, 8> { 1, 2, 3, 4, 5, 6, 0, 0 });
    CHECK (ring.readable() == 1);
    CHECK (ring.push (in.data(), 5, 2) == 3);
    CHECK (ring.pull (out.data(), 9, 2) == 4);
    CHECK (out == std::array<float, 8> { 7, 8, 1, 2, 3, 4, 5, 6 });
    CHECK (ring.readable() == 0);
    CHECK (ring.pull (out.data(), 1, 2) == 0);
}

TEST_CASE ("a ring's capacity is a power of two")
{
    CHECK_THROWS_AS (Ring (3, 1), std::invalid_argument);
    CHECK_THROWS_AS (Ring (0, 1), std::invalid_argument);
    CHECK_NOTHROW (Ring (1, 1));
}

TEST_CASE ("two threads hand over every record whole and in order")
{
    constexpr std::size_t size = 33;
    constexpr std::size_t total = 50'000;
    Ring ring (64, size);
    std::thread producer (
        [&ring]
        {
            std::array<float, size * 7> batch {};
            for (std::size_t sent = 0; sent < total;)
            {
                const auto count = std::min<std::size_t> (1 + sent % 7, total - sent);
                for (std::size_t i = 0; i < count; i++)
                    std::fill_n (batch.begin() + static_cast<std::ptrdiff_t> (i * size), size, static_cast<float> (sent + i));
                const auto pushed = ring.push (batch.data(), count, size);
                if (pushed == 0)
                    std::this_thread::yield();
                sent += pushed;
            }
        });
    std::array<float, size * 5> batch {};
    std::size_t received = 0;
    std::size_t wrong = 0;
    while (received < total)
    {
        const auto count = ring.pull (batch.data(), 5, size);
        if (count == 0)
            std::this_thread::yield();
        for (std::size_t i = 0; i < count * size; i++)
            wrong += batch[i] == static_cast<float> (received + i / size) ? 0u : 1u;
        received += count;
    }
    producer.join();
    CHECK (wrong == 0);
    CHECK (ring.readable() == 0);
}
