// The bundle that ships, for the tests.
#pragma once

#include "Bundle.h"

#include <fstream>
#include <iterator>

namespace timbrefold::tests
{
/** The bytes of models/atlas.timbre. */
inline Bytes factoryBytes()
{
    std::ifstream stream (TIMBREFOLD_FACTORY, std::ios::binary);
    return Bytes (std::istreambuf_iterator<char> (stream), std::istreambuf_iterator<char>());
}
} // namespace timbrefold::tests
