// malloc and its kin and pthread_mutex_lock are this program's own and count; system calls are stopped by the kernel's "syscall user dispatch" (Linux 5.11), which
// hands each to a signal handler while a byte of ours says so.
#include "ChildProcess.h"
#include "Guard.h"

#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <dlfcn.h>
#include <new>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <ucontext.h>
#include <unistd.h>

namespace timbrefold::tests::guard
{
void countAllocation() noexcept;
void countLock() noexcept;

namespace
{
/** What was seen in the child: in memory that both processes share. */
struct Seen
{
    std::atomic<int> allocations, locks, calls, firstCall;
};

Seen* seen = nullptr;
thread_local constinit bool watched = false;
/** SYSCALL_DISPATCH_FILTER_ALLOW and _BLOCK of linux/prctl.h. */
constexpr char allow = 0, block = 1;
volatile char selector = allow;

constexpr int setSyscallUserDispatch = 59;
constexpr int dispatchOn = 1;
/** `syscall` is two bytes long; taking it back makes the kernel meet it again. */
constexpr int callLength = 2;

void onCall (int, siginfo_t* info, void* context)
{
    selector = allow;
    if (watched)
    {
        if (seen->calls.fetch_add (1) == 0)
            seen->firstCall.store (info->si_syscall);
    }
    static_cast<ucontext_t*> (context)->uc_mcontext.gregs[REG_RIP] -= callLength;
    static_cast<ucontext_t*> (context)->uc_mcontext.gregs[REG_RAX] = info->si_syscall;
}
} // namespace

void countAllocation() noexcept
{
    if (watched)
        seen->allocations.fetch_add (1);
}

void countLock() noexcept
{
    if (watched)
        seen->locks.fetch_add (1);
}

void enter()
{
    struct sigaction action = {};
    action.sa_sigaction = onCall;
    action.sa_flags = SA_SIGINFO;
    sigaction (SIGSYS, &action, nullptr);
    if (prctl (setSyscallUserDispatch, dispatchOn, 0, 0, &selector) != 0)
        _exit (3);
    watched = true;
    selector = block;
}

void leave()
{
    selector = allow;
    watched = false;
}

std::string breaches (const std::function<void()>& body)
{
    void* const shared = mmap (nullptr, sizeof (Seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    seen = new (shared) Seen {};
    const int status = childStatus (body);
    std::string all;
    if (WIFEXITED (status) && WEXITSTATUS (status) == 3)
        all += "This kernel cannot stop system calls (it has to be Linux 5.11 or later). ";
    else if (! WIFEXITED (status) || WEXITSTATUS (status) != 0)
        all += "The child ended by signal " + std::to_string (WTERMSIG (status)) + ". ";
    if (const int allocations = seen->allocations)
        all += "It allocated " + std::to_string (allocations) + " times. ";
    if (const int locks = seen->locks)
        all += "It locked " + std::to_string (locks) + " times. ";
    if (seen->calls > 0)
        all += "It made system call " + std::to_string (seen->firstCall) + ". ";
    munmap (shared, sizeof (Seen));
    return all;
}
} // namespace timbrefold::tests::guard

extern "C"
{
void* __libc_malloc (std::size_t size);
void* __libc_calloc (std::size_t count, std::size_t size);
void* __libc_realloc (void* block, std::size_t size);
void* __libc_memalign (std::size_t alignment, std::size_t size);
void __libc_free (void* block);

void* malloc (std::size_t size)
{
    timbrefold::tests::guard::countAllocation();
    return __libc_malloc (size);
}

void* calloc (std::size_t count, std::size_t size)
{
    timbrefold::tests::guard::countAllocation();
    return __libc_calloc (count, size);
}

void* realloc (void* block, std::size_t size)
{
    timbrefold::tests::guard::countAllocation();
    return __libc_realloc (block, size);
}

void* aligned_alloc (std::size_t alignment, std::size_t size)
{
    timbrefold::tests::guard::countAllocation();
    return __libc_memalign (alignment, size);
}

void free (void* block)
{
    if (block != nullptr)
        timbrefold::tests::guard::countAllocation();
    __libc_free (block);
}

int pthread_mutex_lock (pthread_mutex_t* mutex)
{
    timbrefold::tests::guard::countLock();
    using Lock = int (*) (pthread_mutex_t*);
    static std::atomic<Lock> real { nullptr };
    Lock lock = real.load();
    if (lock == nullptr)
        real.store (lock = reinterpret_cast<Lock> (dlsym (RTLD_NEXT, "pthread_mutex_lock")));
    return lock (mutex);
}
}
