// The native tests' entry. doctest's own signal handlers would stand in front of the runtime's, which is itself under test.
#define DOCTEST_CONFIG_NO_POSIX_SIGNALS
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
