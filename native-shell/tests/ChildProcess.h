// A process of its own for what may end one, or can be done only once in one. POSIX.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace timbrefold::tests
{
/** Runs `body` in a child process, which then ends with 0; gives the status as waitpid does. */
template <typename Body>
int childStatus (const Body& body)
{
    const pid_t child = fork();
    if (child == 0)
    {
        body();
        _exit (0);
    }
    int status = 0;
    waitpid (child, &status, 0);
    return status;
}
} // namespace timbrefold::tests
