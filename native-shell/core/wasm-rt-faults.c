/* Turns a touched guard page into a trap. The handler stays for the life of the process, so whatever holds this code must stay loaded (-z nodelete).
 *
 * A fault is ours when this thread is inside a call and the address lies in that module's reservation; every other one goes to whoever had the signal
 * before, as though this handler were not there. */
#include "wasm-rt-trap.h"
#include <pthread.h>
#include <signal.h>

static const int watched[] = { SIGSEGV, SIGBUS };
static struct sigaction before[sizeof watched / sizeof *watched];

static void pass_on(int signal, siginfo_t* info, void* context)
{
    const struct sigaction* previous = signal == watched[0] ? &before[0] : &before[1];
    if (previous->sa_flags & SA_SIGINFO)
        previous->sa_sigaction(signal, info, context);
    else if (previous->sa_handler == SIG_DFL || previous->sa_handler == SIG_IGN)
        /* The faulting instruction runs again and meets the system's own answer. */
        sigaction(signal, previous, NULL);
    else
        previous->sa_handler(signal);
}

static void on_fault(int signal, siginfo_t* info, void* context)
{
    const struct wasm_rt_frame* frame = wasm_rt_innermost;
    if (frame != NULL && frame->memory->data != NULL)
    {
        const uintptr_t address = (uintptr_t) info->si_addr;
        const uintptr_t begin = (uintptr_t) frame->memory->data;
        if (address >= begin && address - begin < WASM_RT_RESERVED_BYTES)
            wasm_rt_trap(WASM_RT_TRAP_OOB);
    }
    pass_on(signal, info, context);
}

static void install(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_fault;
    /* SA_NODEFER: the handler is left by a jump, which must not leave the signal blocked. */
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++)
        sigaction(watched[i], &action, &before[i]);
}

void wasm_rt_watch_guard_pages(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
}
