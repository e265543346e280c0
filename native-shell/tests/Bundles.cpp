// A zip whose entries are stored as they are: the plainest form the reader knows.
#include "Bundles.h"

#include <atomic>
#include <unistd.h>
#include <zlib.h>

namespace timbrefold::tests
{
namespace
{
void put (Bytes& out, std::uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        out.push_back (static_cast<std::uint8_t> (value >> (8 * i)));
}

Bytes packed (const std::map<std::string, Bytes>& files)
{
    Bytes out;
    Bytes directory;
    for (const auto& [name, data] : files)
    {
        const auto crc = static_cast<std::uint32_t> (crc32 (0, data.data(), static_cast<unsigned> (data.size())));
        const auto size = static_cast<std::uint32_t> (data.size());
        Bytes common;
        put (common, 20, 2); // version needed
        put (common, 0, 2);  // flags
        put (common, 0, 2);  // stored
        put (common, 0, 4);  // time and date
        put (common, crc, 4);
        put (common, size, 4);
        put (common, size, 4);
        put (common, static_cast<std::uint32_t> (name.size()), 2);
        put (common, 0, 2); // extra field
        const auto offset = static_cast<std::uint32_t> (out.size());
        put (out, 0x04034b50, 4);
        out.insert (out.end(), common.begin(), common.end());
        out.insert (out.end(), name.begin(), name.end());
        out.insert (out.end(), data.begin(), data.end());
        put (directory, 0x02014b50, 4);
        put (directory, 20, 2); // version made by
        directory.insert (directory.end(), common.begin(), common.end());
        put (directory, 0, 2); // comment
        put (directory, 0, 2); // disk
        put (directory, 0, 2); // internal attributes
        put (directory, 0, 4); // external attributes
        put (directory, offset, 4);
        directory.insert (directory.end(), name.begin(), name.end());
    }
    const auto at = static_cast<std::uint32_t> (out.size());
    const auto count = static_cast<std::uint32_t> (files.size());
    out.insert (out.end(), directory.begin(), directory.end());
    put (out, 0x06054b50, 4);
    put (out, 0, 4);
    put (out, count, 2);
    put (out, count, 2);
    put (out, static_cast<std::uint32_t> (directory.size()), 4);
    put (out, at, 4);
    put (out, 0, 2);
    return out;
}
} // namespace

Bytes bytesOf (const std::string& text)
{
    return Bytes (text.begin(), text.end());
}

std::string textOf (const Bytes& bytes)
{
    return std::string (bytes.begin(), bytes.end());
}

Bytes repacked (const std::function<void (std::map<std::string, Bytes>&, Json&)>& change)
{
    auto files = readZip (factoryBytes(), { 32, std::size_t { 64 } << 20, std::size_t { 128 } << 20 }, [] (const std::string&) { return true; });
    auto manifest = Json::parse (files.at ("manifest.json"));
    change (files, manifest);
    for (const auto& [name, bytes] : files)
        if (manifest["files"].contains (name))
            manifest["files"][name] = sha256Hex (bytes);
    files["manifest.json"] = bytesOf (manifest.dump());
    return packed (files);
}

Bytes otherModel (const std::string& id, const std::string& name)
{
    return repacked (
        [&] (std::map<std::string, Bytes>& files, Json& manifest)
        {
            manifest["id"] = id;
            manifest["name"] = name;
            auto presets = Json::parse (files.at ("presets.json"));
            for (auto& preset : presets)
                preset["model"]["id"] = id;
            files["presets.json"] = bytesOf (presets.dump());
        });
}

namespace
{
std::filesystem::path newFolder()
{
    static std::atomic<int> count { 0 };
    const auto path = std::filesystem::temp_directory_path() / ("timbrefold-tests-" + std::to_string (getpid()) + "-" + std::to_string (count++));
    std::filesystem::create_directories (path);
    return path;
}
} // namespace

TemporaryFolder::TemporaryFolder() : path (newFolder()) {}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code error;
    std::filesystem::remove_all (path, error);
}

void TemporaryFolder::write (const std::string& name, const Bytes& bytes) const
{
    std::ofstream (path / name, std::ios::binary).write (reinterpret_cast<const char*> (bytes.data()), static_cast<std::streamsize> (bytes.size()));
}
} // namespace timbrefold::tests
