// Sees to it that closing a web view ends, and writing to it. JUCE 8.0.6 on Linux asks the view's process to quit, and where that takes longer than a second and a half it
// terminates it and then waits for ever for an exit that will not be reported: the host would hang.
#pragma once

#include <chrono>
#include <memory>
#include <set>

namespace timbrefold
{
/** Processes of web views that this process has started and that are there. Linux; empty elsewhere. */
std::set<int> viewProcesses();

/** While it lives, a process that is still there after a second is ended, whatever it is doing. */
class EndOfViewProcess
{
public:
    /** `process` is one of `viewProcesses`, or 0 for none. */
    explicit EndOfViewProcess (int process);
    ~EndOfViewProcess();
    EndOfViewProcess (const EndOfViewProcess&) = delete;
    EndOfViewProcess& operator= (const EndOfViewProcess&) = delete;

private:
    struct Watch;
    std::unique_ptr<Watch> watch;
};

/**
 * While it lives, a process that holds up a write for longer than `patience` is ended, so that the write fails. JUCE writes to the pipe of the view's process
 * on the host's own thread and waits where nobody reads.
 */
class WatchedWrites
{
public:
    /** Far longer than a view that works ever takes to read. */
    static constexpr std::chrono::milliseconds patience { 10'000 };

    /** `process` is one of `viewProcesses`, or 0 for none. */
    explicit WatchedWrites (int process, std::chrono::milliseconds longest = patience);
    ~WatchedWrites();
    WatchedWrites (const WatchedWrites&) = delete;
    WatchedWrites& operator= (const WatchedWrites&) = delete;

    /** As long as a write. One at a time. */
    class Write
    {
    public:
        explicit Write (WatchedWrites& writes);
        ~Write();
        Write (const Write&) = delete;
        Write& operator= (const Write&) = delete;

    private:
        WatchedWrites& writes;
    };

private:
    struct Watch;
    std::unique_ptr<Watch> watch;
};
} // namespace timbrefold
