/* The module's memory: zeroed pages at a place of their own, and behind them pages that nobody may touch. POSIX. */
#include "wasm-rt-trap.h"
#include <sys/mman.h>

void wasm_rt_allocate_memory(wasm_rt_memory_t* memory, uint64_t initial, uint64_t maximum, bool is64, uint32_t page_size)
{
    memset(memory, 0, sizeof *memory);
    const uint64_t size = initial * page_size;
    if (initial != maximum || is64)
        return;
    void* reserved = mmap(NULL, WASM_RT_RESERVED_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED)
        return;
    if (mprotect(reserved, size, PROT_READ | PROT_WRITE) != 0)
    {
        munmap(reserved, WASM_RT_RESERVED_BYTES);
        return;
    }
#if TIMBREFOLD_GUARD_PAGES
    wasm_rt_watch_guard_pages();
#endif
    memory->data = reserved;
    memory->size = size;
    memory->pages = memory->max_pages = initial;
    memory->page_size = page_size;
}

void wasm_rt_free_memory(wasm_rt_memory_t* memory)
{
    if (memory->data != NULL)
        munmap(memory->data, WASM_RT_RESERVED_BYTES);
    memset(memory, 0, sizeof *memory);
}
