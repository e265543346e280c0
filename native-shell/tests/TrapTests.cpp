// The runtime under the core: nothing outside the module's memory can be read or written, every trap comes back as a value, and foreign faults go their way.
#include "ChildProcess.h"
#include "traps-module.h"

#include <cstdint>
#include <csignal>
#include <doctest/doctest.h>
#include <limits>
#include <sys/mman.h>
#include <utility>

namespace
{
/** The module, and calls into it. */
class Traps
{
public:
    Traps()
    {
        REQUIRE (call ([] (w2c_traps* module) { wasm2c_traps_instantiate (module); }) == WASM_RT_TRAP_NONE);
    }
    ~Traps() { wasm2c_traps_free (&traps); }
    Traps (const Traps&) = delete;
    Traps& operator= (const Traps&) = delete;

    template <typename Body>
    wasm_rt_trap_t call (Body body)
    {
        std::pair<w2c_traps*, Body*> argument { &traps, &body };
        return wasm_rt_call (
            &traps.w2c_memory,
            [] (void* pointer)
            {
                auto& [instance, function] = *static_cast<std::pair<w2c_traps*, Body*>*> (pointer);
                (*function) (instance);
            },
            &argument);
    }

    std::uint8_t* memory() { return traps.w2c_memory.data; }

private:
    w2c_traps traps {};
};

constexpr u32 size = 65'536;
constexpr u32 addresses[] = { size, size - 3, size + 1, 0x7fff'ffff, 0x8000'0000, 0xffff'fffc, 0xffff'ffff };
} // namespace

TEST_CASE ("every byte inside can be used, none outside")
{
    Traps traps;
    u32 read = 1;
    CHECK (traps.call ([&] (w2c_traps* module) { read = w2c_traps_load (module, size - 4); }) == WASM_RT_TRAP_NONE);
    CHECK (read == 0);
    CHECK (traps.call ([&] (w2c_traps* module) { w2c_traps_store (module, size - 4, 7); read = w2c_traps_load (module, size - 4); }) == WASM_RT_TRAP_NONE);
    CHECK (read == 7);
    for (u32 address : addresses)
    {
        CAPTURE (address);
        CHECK (traps.call ([=] (w2c_traps* module) { w2c_traps_load (module, address); }) == WASM_RT_TRAP_OOB);
        CHECK (traps.call ([=] (w2c_traps* module) { w2c_traps_loadFar (module, address); }) == WASM_RT_TRAP_OOB);
        CHECK (traps.call ([=] (w2c_traps* module) { w2c_traps_store (module, address, 1); }) == WASM_RT_TRAP_OOB);
        CHECK (traps.call ([=] (w2c_traps* module) { w2c_traps_storeVector (module, address); }) == WASM_RT_TRAP_OOB);
        CHECK (traps.call ([=] (w2c_traps* module) { w2c_traps_fill (module, address, size); }) == WASM_RT_TRAP_OOB);
    }
    CHECK (traps.call ([&] (w2c_traps* module) { read = w2c_traps_load (module, 0); }) == WASM_RT_TRAP_NONE);
    CHECK (read == 0);
}

TEST_CASE ("other traps say what they are")
{
    Traps traps;
    CHECK (traps.call ([] (w2c_traps* module) { w2c_traps_divide (module, 1, 0); }) == WASM_RT_TRAP_DIV_BY_ZERO);
    CHECK (traps.call ([] (w2c_traps* module) { w2c_traps_divide (module, 0x8000'0000, 0xffff'ffff); }) == WASM_RT_TRAP_INT_OVERFLOW);
    CHECK (traps.call ([] (w2c_traps* module) { w2c_traps_truncate (module, std::numeric_limits<float>::quiet_NaN()); }) == WASM_RT_TRAP_INVALID_CONVERSION);
    CHECK (traps.call ([] (w2c_traps* module) { w2c_traps_truncate (module, 1e30f); }) == WASM_RT_TRAP_INT_OVERFLOW);
    CHECK (traps.call ([] (w2c_traps* module) { w2c_traps_stop (module); }) == WASM_RT_TRAP_UNREACHABLE);
}

TEST_CASE ("a trap inside a call inside a call ends the inner one")
{
    Traps outer;
    Traps inner;
    wasm_rt_trap_t within = WASM_RT_TRAP_NONE;
    const auto trap = outer.call (
        [&] (w2c_traps* module)
        {
            within = inner.call ([] (w2c_traps* other) { w2c_traps_load (other, size); });
            w2c_traps_divide (module, 1, 0);
        });
    CHECK (within == WASM_RT_TRAP_OOB);
    CHECK (trap == WASM_RT_TRAP_DIV_BY_ZERO);
}

TEST_CASE ("a thousand traps later all is as before")
{
    Traps traps;
    int trapped = 0;
    for (int i = 0; i < 1000; i++)
        trapped += traps.call ([] (w2c_traps* module) { w2c_traps_load (module, size); }) == WASM_RT_TRAP_OOB ? 1 : 0;
    CHECK (trapped == 1000);
}

#if TIMBREFOLD_GUARD_PAGES
namespace
{
/** The signal by which a process ends that runs `body`, 0 for none. */
template <typename Body>
int signalOf (const Body& body)
{
    const int status = timbrefold::tests::childStatus (body);
    return WIFSIGNALED (status) ? WTERMSIG (status) : 0;
}

void touch (void* address)
{
    *static_cast<volatile char*> (address) = 1;
}
} // namespace

TEST_CASE ("a fault that is not the module's goes where it went before")
{
    Traps traps;
    void* const foreign = mmap (nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE (foreign != MAP_FAILED);
    CHECK (signalOf ([=] { touch (foreign); }) == SIGSEGV);
    CHECK (signalOf ([&] { traps.call ([=] (w2c_traps*) { touch (foreign); }); }) == SIGSEGV);
    // In the module's own guard pages, but outside of any call: a mistake of the program, which must not pass for a trap.
    CHECK (signalOf ([&] { touch (traps.memory() + size); }) == SIGSEGV);
    CHECK (signalOf ([&] { traps.call ([] (w2c_traps* module) { w2c_traps_load (module, size); }); }) == 0);
    munmap (foreign, 4096);
}
#endif
