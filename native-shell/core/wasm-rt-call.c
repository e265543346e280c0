/* Calls into the module that a trap can leave: by a jump back to their beginning, so that neither process nor thread ends. */
#include "wasm-rt-trap.h"
#include <stdlib.h>

_Thread_local struct wasm_rt_frame* wasm_rt_innermost = NULL;

wasm_rt_trap_t wasm_rt_call(const wasm_rt_memory_t* memory, void (*body)(void*), void* argument)
{
    struct wasm_rt_frame here;
    here.memory = memory;
    here.outer = wasm_rt_innermost;
    wasm_rt_innermost = &here;
    /* The signal mask is not saved: the fault handler is entered with the mask unchanged. */
    const int trap = sigsetjmp(here.back, 0);
    if (trap == WASM_RT_TRAP_NONE)
        body(argument);
    wasm_rt_innermost = here.outer;
    return (wasm_rt_trap_t) trap;
}

void wasm_rt_trap(wasm_rt_trap_t trap)
{
    /* Outside of a call nobody could be told: that is a mistake in this program, not in the module. */
    if (wasm_rt_innermost == NULL)
        abort();
    siglongjmp(wasm_rt_innermost->back, (int) trap);
}
