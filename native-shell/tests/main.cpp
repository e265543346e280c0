// The native tests' entry. doctest's own signal handlers would stand in front of the runtime's, which is itself under test.
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#if defined(__SANITIZE_ADDRESS__)
// ONNX Runtime keeps a few hundred bytes until the process ends and forgets where. The sanitizer's library looks for this by name.
extern "C" __attribute__ ((visibility ("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions()
{
    return "leak:libtimbrefold-onnxruntime";
}
#endif
