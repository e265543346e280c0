/* Shared by the files of the runtime and by nobody else: the calls a thread is in, and the watch over guard pages. */
#ifndef TIMBREFOLD_WASM_RT_TRAP_H
#define TIMBREFOLD_WASM_RT_TRAP_H

#include "wasm-rt.h"
#include <setjmp.h>

struct wasm_rt_frame
{
    sigjmp_buf back;
    const wasm_rt_memory_t* memory;
    struct wasm_rt_frame* outer;
};

/* The innermost call of this thread, null outside. The initial-exec model keeps its first use, and its use in a signal handler, from allocating. */
extern _Thread_local struct wasm_rt_frame* wasm_rt_innermost __attribute__((tls_model("initial-exec")));

/* Bytes from a memory's beginning that no access of 32-bit address plus 32-bit offset can leave: 8 GiB and the widest access. */
#define WASM_RT_RESERVED_BYTES ((UINT64_C(1) << 33) + 65536)

/* From now on a touched guard page becomes a trap; any other fault goes where it went before. Once per process; any thread but audio. */
void wasm_rt_watch_guard_pages(void);

#endif
