// Linux: clock_gettime and /proc.
#include "Usage.h"

#include <charconv>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace timbrefold::hosts
{
namespace
{
std::int64_t nanoseconds (clockid_t clock)
{
    timespec now {};
    clock_gettime (clock, &now);
    return std::int64_t { now.tv_sec } * 1'000'000'000 + now.tv_nsec;
}
} // namespace

std::int64_t threadNanoseconds()
{
    return nanoseconds (CLOCK_THREAD_CPUTIME_ID);
}

std::int64_t wallNanoseconds()
{
    return nanoseconds (CLOCK_MONOTONIC);
}

std::map<int, std::int64_t> otherThreads()
{
    std::map<int, std::int64_t> times;
    const int own = gettid();
    for (const auto& task : std::filesystem::directory_iterator ("/proc/self/task"))
    {
        const auto name = task.path().filename().string();
        int thread = 0;
        std::from_chars (name.data(), name.data() + name.size(), thread);
        std::int64_t spent = 0;
        // The first number of schedstat is time on a processor in ns; a thread that has just ended has no file.
        if (thread != own && std::ifstream (task.path() / "schedstat") >> spent)
            times[thread] = spent;
    }
    return times;
}

std::int64_t privateBytes()
{
    std::ifstream file ("/proc/self/smaps_rollup");
    std::int64_t kilobytes = 0;
    for (std::string word; file >> word;)
        if (std::int64_t value = 0; word.starts_with ("Private_") && ! word.starts_with ("Private_Hugetlb") && file >> value)
            kilobytes += value;
    return kilobytes * 1024;
}
} // namespace timbrefold::hosts
