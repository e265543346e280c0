// Unpacks an untrusted zip within limits, by minizip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace timbrefold
{
using Bytes = std::vector<std::uint8_t>;

struct ZipLimits
{
    std::size_t entries;
    /** Bytes of one entry and of all of them together, unpacked. */
    std::size_t entryBytes, totalBytes;
};

/**
 * The entries of a zip by name. `allow` says which names may occur; nothing is unpacked before all names and sizes are known to be allowed. Never on the audio
 * thread. @throws std::runtime_error whose message is a clause saying what is wrong ("it holds ...").
 */
std::map<std::string, Bytes> readZip (std::span<const std::uint8_t> bytes, const ZipLimits& limits, const std::function<bool (const std::string&)>& allow);
} // namespace timbrefold
