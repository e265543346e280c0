// The floating-point environment that WebAssembly promises: round to nearest, denormals kept, no exceptions.
#pragma once

#if defined(__x86_64__) || defined(_M_X64)
#include <xmmintrin.h>
#endif
#include <cstdint>

namespace timbrefold
{
/** Takes the thread's floating-point environment to WebAssembly's for its lifetime: hosts flush denormals to zero, V8 does not. Any thread; real-time safe. */
class FloatEnvironment
{
public:
    FloatEnvironment() noexcept : before (read())
    {
        if (before != plain())
            write (plain());
    }

    ~FloatEnvironment()
    {
        if (before != plain())
            write (before);
    }

    FloatEnvironment (const FloatEnvironment&) = delete;
    FloatEnvironment& operator= (const FloatEnvironment&) = delete;

private:
#if defined(__x86_64__) || defined(_M_X64)
    using Word = std::uint32_t;
    // All exceptions masked, round to nearest, neither flush-to-zero nor denormals-are-zero; the low six bits are sticky flags.
    Word plain() const noexcept { return 0x1f80u | (before & 0x3fu); }
    static Word read() noexcept { return _mm_getcsr(); }
    static void write (Word word) noexcept { _mm_setcsr (word); }
#elif defined(__aarch64__)
    using Word = std::uint64_t;
    Word plain() const noexcept { return 0; }
    static Word read() noexcept
    {
        Word word;
        asm volatile("mrs %0, fpcr" : "=r"(word));
        return word;
    }
    static void write (Word word) noexcept { asm volatile("msr fpcr, %0" : : "r"(word)); }
#else
#error "Say here how this processor's floating-point environment is set."
#endif

    const Word before;
};
} // namespace timbrefold
