// Keeps a dead web view from ending the host: JUCE talks to its process by a pipe, and writing into one that nobody reads raises SIGPIPE.
#pragma once

#if defined(__linux__)
#include <csignal>
#include <pthread.h>
#include <ctime>
#endif

namespace timbrefold
{
/** While it lives, SIGPIPE cannot reach this thread; one that came is taken away again. The rest of the process keeps its own ways. */
class QuietPipe
{
public:
#if defined(__linux__)
    QuietPipe()
    {
        sigset_t pending;
        sigemptyset (&pipe);
        sigaddset (&pipe, SIGPIPE);
        sigpending (&pending);
        wasPending = sigismember (&pending, SIGPIPE) == 1;
        pthread_sigmask (SIG_BLOCK, &pipe, &before);
    }

    ~QuietPipe()
    {
        const timespec now {};
        if (! wasPending)
            sigtimedwait (&pipe, nullptr, &now);
        pthread_sigmask (SIG_SETMASK, &before, nullptr);
    }

private:
    sigset_t pipe {}, before {};
    bool wasPending = false;

public:
#else
    QuietPipe() {}
#endif
    QuietPipe (const QuietPipe&) = delete;
    QuietPipe& operator= (const QuietPipe&) = delete;
};
} // namespace timbrefold
