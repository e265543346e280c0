// Sees to it that closing a web view ends. JUCE 8.0.6 on Linux asks the view's process to quit, and where that takes longer than a second and a half it
// terminates it and then waits for ever for an exit that will not be reported: the host would hang.
#pragma once

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
} // namespace timbrefold
