// What this process uses: processor time by thread, memory.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace timbrefold::hosts
{
/** Nanoseconds of processor time that the calling thread has used. */
std::int64_t threadNanoseconds();

/** Nanoseconds since some moment, by a clock that nothing turns back. */
std::int64_t wallNanoseconds();

/** Nanoseconds of processor time by thread, the calling one left out: thread id to time. */
std::map<int, std::int64_t> otherThreads();

/** Bytes of memory that belong to this process alone. */
std::int64_t privateBytes();
} // namespace timbrefold::hosts
