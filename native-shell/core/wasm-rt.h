/* What the C that wasm2c makes of core.wasm wants of its embedder: one fixed memory, traps, nothing else.
 *
 * The module has no imports, no tables that change, no exceptions and no memory.grow, so this is all there is; a core that came to need more would not
 * link. The names are wasm2c's (wabt 1.0.39). */
#ifndef TIMBREFOLD_WASM_RT_H
#define TIMBREFOLD_WASM_RT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define wasm_rt_memcpy memcpy

/* Where pages can be reserved, the memory is followed by so many that may not be touched that no 32-bit address with its 32-bit offset leaves them, and
 * loads and stores carry no checks of their own. Elsewhere, and in builds with sanitizers, each one is checked. */
#ifndef TIMBREFOLD_GUARD_PAGES
#error "Say by TIMBREFOLD_GUARD_PAGES whether the core's memory stands between guard pages (1) or every access is checked (0)."
#endif
#define WASM_RT_MEMCHECK_GUARD_PAGES TIMBREFOLD_GUARD_PAGES
#define WASM_RT_MEMCHECK_BOUNDS_CHECK (!TIMBREFOLD_GUARD_PAGES)
#define WASM_RT_USE_SEGUE 0
#define WASM_RT_STACK_DEPTH_COUNT 0

/* Why the core stopped. */
typedef enum
{
    WASM_RT_TRAP_NONE,
    WASM_RT_TRAP_OOB,
    WASM_RT_TRAP_INT_OVERFLOW,
    WASM_RT_TRAP_DIV_BY_ZERO,
    WASM_RT_TRAP_INVALID_CONVERSION,
    WASM_RT_TRAP_UNREACHABLE,
    WASM_RT_TRAP_CALL_INDIRECT,
    WASM_RT_TRAP_EXHAUSTION
} wasm_rt_trap_t;

typedef enum
{
    WASM_RT_I32,
    WASM_RT_I64,
    WASM_RT_F32,
    WASM_RT_F64,
    WASM_RT_V128
} wasm_rt_type_t;

/* The linear memory: `size` bytes from `data`; it never grows and never moves. `data` is null where no memory was to be had. */
typedef struct
{
    uint8_t* data;
    uint64_t pages, max_pages;
    uint64_t size;
    uint32_t page_size;
    bool is64;
} wasm_rt_memory_t;

/* Tables are named by wasm2c's helper functions even where a module has none that they could work on. */
typedef const char* wasm_rt_func_type_t;
typedef void (*wasm_rt_function_ptr_t)(void);
typedef struct wasm_rt_tailcallee_t
{
    void (*fn)(void**, void*, struct wasm_rt_tailcallee_t*);
} wasm_rt_tailcallee_t;
typedef struct
{
    wasm_rt_func_type_t func_type;
    wasm_rt_function_ptr_t func;
    wasm_rt_tailcallee_t func_tailcallee;
    void* module_instance;
} wasm_rt_funcref_t;
typedef struct
{
    wasm_rt_funcref_t* data;
    uint32_t max_size, size;
} wasm_rt_funcref_table_t;
typedef void* wasm_rt_externref_t;
typedef struct
{
    wasm_rt_externref_t* data;
    uint32_t max_size, size;
} wasm_rt_externref_table_t;

static const wasm_rt_funcref_t wasm_rt_funcref_null_value = { NULL, NULL, { NULL }, NULL };
static const wasm_rt_externref_t wasm_rt_externref_null_value = NULL;

/* Stands for wasm2c's question whether a process-wide set-up was made: none is needed. */
static inline bool wasm_rt_is_initialized(void)
{
    return true;
}

/* Reserves zeroed memory; `initial` and `maximum` pages must be equal and `is64` false. Sets data to null and size to 0 where none is to be had. Not on
 * the audio thread. */
void wasm_rt_allocate_memory(wasm_rt_memory_t* memory, uint64_t initial, uint64_t maximum, bool is64, uint32_t page_size);

/* Gives the memory back. Not on the audio thread. */
void wasm_rt_free_memory(wasm_rt_memory_t* memory);

/* Leaves the innermost wasm_rt_call of this thread, which returns `trap`. */
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void wasm_rt_trap(wasm_rt_trap_t trap);

/* Runs `body (argument)`, which may call into the module that owns `memory`; says how it ended. After a trap the module's memory is as the trap left it, and
 * the module must not be called again. `body` must hold nothing that wants tidying up: a trap leaves it by a jump. Never allocates; any thread. */
wasm_rt_trap_t wasm_rt_call(const wasm_rt_memory_t* memory, void (*body)(void*), void* argument);

#ifdef __cplusplus
}
#endif

#endif
