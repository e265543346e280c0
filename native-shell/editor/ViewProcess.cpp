// By /proc, since JUCE keeps the process's number to itself.
#include "ViewProcess.h"

#if defined(__linux__)
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>
#endif

namespace timbrefold
{
#if defined(__linux__)
namespace
{
/** JUCE's own sign of such a process among its arguments. */
constexpr const char* sign = "--juce-gtkwebkitfork-child";
constexpr auto grace = std::chrono::milliseconds (1000);

using Clock = std::chrono::steady_clock;

std::string contentOf (const std::filesystem::path& file)
{
    std::ifstream stream (file, std::ios::binary);
    return { std::istreambuf_iterator<char> (stream), {} };
}

bool isViewProcess (const std::string& number)
{
    const auto folder = std::filesystem::path ("/proc") / number;
    // After the name in brackets, which may hold anything: state, parent.
    const auto stat = contentOf (folder / "stat");
    const auto name = stat.rfind (')');
    if (name == std::string::npos || stat.size() < name + 4 || std::atoi (stat.c_str() + name + 4) != getpid())
        return false;
    return contentOf (folder / "cmdline").find (sign) != std::string::npos;
}

/** Ends a process, if it is still a view's: numbers are given anew. */
void endViewProcess (int process)
{
    if (isViewProcess (std::to_string (process)))
        kill (process, SIGKILL);
}
} // namespace

std::set<int> viewProcesses()
{
    std::set<int> found;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator ("/proc", none))
        if (const auto number = entry.path().filename().string(); number.find_first_not_of ("0123456789") == std::string::npos && isViewProcess (number))
            found.insert (std::stoi (number));
    return found;
}

struct EndOfViewProcess::Watch
{
    explicit Watch (int process)
        : thread (
              [this, process]
              {
                  std::unique_lock lock (mutex);
                  if (! changed.wait_for (lock, grace, [this] { return ended; }))
                      endViewProcess (process);
              })
    {
    }

    ~Watch()
    {
        {
            const std::lock_guard lock (mutex);
            ended = true;
        }
        changed.notify_one();
        thread.join();
    }

    std::mutex mutex;
    std::condition_variable changed;
    bool ended = false;
    std::thread thread;
};

EndOfViewProcess::EndOfViewProcess (int process) : watch (process != 0 ? std::make_unique<Watch> (process) : nullptr) {}

/** Looks some times in the longest time rather than being told of each write: those are many and short. */
struct WatchedWrites::Watch
{
    Watch (int process, std::chrono::milliseconds longest) : thread ([this, process, longest] { run (process, longest); }) {}

    ~Watch()
    {
        {
            const std::lock_guard lock (mutex);
            ended = true;
        }
        changed.notify_one();
        thread.join();
    }

    void run (int process, std::chrono::milliseconds longest)
    {
        constexpr int looks = 8;
        std::unique_lock lock (mutex);
        while (! changed.wait_for (lock, longest / looks, [this] { return ended; }))
            if (const auto began = since.load(); began != 0 && Clock::now().time_since_epoch() - Clock::duration (began) > longest)
                endViewProcess (process);
    }

    /** When the write in hand began, by the clock's count; 0 where there is none. */
    std::atomic<Clock::rep> since { 0 };
    std::mutex mutex;
    std::condition_variable changed;
    bool ended = false;
    std::thread thread;
};

WatchedWrites::WatchedWrites (int process, std::chrono::milliseconds longest) : watch (process != 0 ? std::make_unique<Watch> (process, longest) : nullptr) {}

WatchedWrites::Write::Write (WatchedWrites& itsWrites) : writes (itsWrites)
{
    if (writes.watch != nullptr)
        writes.watch->since = Clock::now().time_since_epoch().count();
}

WatchedWrites::Write::~Write()
{
    if (writes.watch != nullptr)
        writes.watch->since = 0;
}
#else
std::set<int> viewProcesses()
{
    return {};
}

struct EndOfViewProcess::Watch
{
};

EndOfViewProcess::EndOfViewProcess (int) {}

struct WatchedWrites::Watch
{
};

WatchedWrites::WatchedWrites (int, std::chrono::milliseconds) {}
WatchedWrites::Write::Write (WatchedWrites& itsWrites) : writes (itsWrites) {}
WatchedWrites::Write::~Write() = default;
#endif

EndOfViewProcess::~EndOfViewProcess() = default;
WatchedWrites::~WatchedWrites() = default;
} // namespace timbrefold
