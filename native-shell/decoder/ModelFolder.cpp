// Reads only the manifest of each bundle; whoever opens the bundle checks the rest.
#include "ModelFolder.h"
#include "JsonPlace.h"
#include "JsonText.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <minizip/unzip.h>

namespace timbrefold
{
namespace
{
namespace fs = std::filesystem;

constexpr std::uintmax_t maxBundleBytes = std::uintmax_t { 64 } << 20;
constexpr std::size_t maxManifestBytes = std::size_t { 1 } << 20;
/** Files that are looked at, at most, and folders below the folder. */
constexpr std::size_t maxFiles = 2000;
constexpr int maxDepth = 3;

fs::path fromVariable (const char* name)
{
    const char* const value = std::getenv (name);
    return value == nullptr ? fs::path() : fs::path (value);
}

/** The bundles below a folder, the newest first. */
std::vector<fs::directory_entry> bundlesIn (const fs::path& folder)
{
    std::vector<fs::directory_entry> bundles;
    std::error_code error;
    for (fs::recursive_directory_iterator at (folder, fs::directory_options::skip_permission_denied, error), end; ! error && at != end && bundles.size() < maxFiles;
         at.increment (error))
    {
        if (at.depth() >= maxDepth)
            at.disable_recursion_pending();
        std::error_code unreadable;
        if (at->path().extension() == ".timbre" && at->is_regular_file (unreadable) && at->file_size (unreadable) <= maxBundleBytes && ! unreadable)
            bundles.push_back (*at);
    }
    const auto time = [] (const fs::directory_entry& entry)
    {
        std::error_code gone;
        return entry.last_write_time (gone);
    };
    std::sort (bundles.begin(), bundles.end(), [&] (const auto& a, const auto& b) { return time (a) > time (b) || (time (a) == time (b) && a.path() < b.path()); });
    return bundles;
}

std::optional<ModelIdentity> identityOf (const fs::path& file)
{
    const std::unique_ptr<void, int (*) (void*)> zip (unzOpen64 (file.string().c_str()), [] (void* opened) { return opened == nullptr ? 0 : unzClose (opened); });
    unz_file_info64 info {};
    if (zip == nullptr || unzLocateFile (zip.get(), "manifest.json", 1) != UNZ_OK || unzGetCurrentFileInfo64 (zip.get(), &info, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK
        || info.uncompressed_size > maxManifestBytes || unzOpenCurrentFile (zip.get()) != UNZ_OK)
        return {};
    std::string text (static_cast<std::size_t> (info.uncompressed_size), ' ');
    const int got = unzReadCurrentFile (zip.get(), text.data(), static_cast<unsigned> (text.size()));
    unzCloseCurrentFile (zip.get());
    if (got != static_cast<int> (text.size()))
        return {};
    try
    {
        const auto json = parseJson (text, 12, 100'000);
        const JsonPlace manifest (json, "manifest.json");
        return ModelIdentity { manifest["id"].text (200), manifest["graphs"]["decoder"]["sha256"].sha256() };
    }
    catch (const JsonPlace::Clause&)
    {
        return {};
    }
}
} // namespace

fs::path ModelFolder::usual()
{
#if defined(_WIN32)
    return fromVariable ("USERPROFILE") / "Documents" / "Timbrefold" / "Models";
#elif defined(__APPLE__)
    return fromVariable ("HOME") / "Library" / "Application Support" / "Timbrefold" / "Models";
#else
    // The XDG base directory specification: a path that is not absolute does not count.
    const auto data = fromVariable ("XDG_DATA_HOME");
    return (data.is_absolute() ? data : fromVariable ("HOME") / ".local" / "share") / "Timbrefold" / "Models";
#endif
}

std::optional<fs::path> ModelFolder::find (const ModelIdentity& identity) const
{
    for (const auto& entry : bundlesIn (path))
        if (identityOf (entry.path()) == identity)
            return entry.path();
    return {};
}

std::string ModelFolder::fingerprint() const
{
    std::string all;
    for (const auto& entry : bundlesIn (path))
    {
        std::error_code gone;
        all += entry.path().string() + " " + std::to_string (entry.file_size (gone)) + " " + std::to_string (entry.last_write_time (gone).time_since_epoch().count()) + "\n";
    }
    return all;
}

Bytes readBundleFile (const fs::path& file)
{
    std::error_code error;
    const auto size = fs::file_size (file, error);
    if (error || size > maxBundleBytes)
        throw BundleError ("The model " + file.filename().string() + " was refused: " + (error ? "it cannot be read" : "it is larger than 64 MiB") + ".");
    std::ifstream stream (file, std::ios::binary);
    Bytes bytes (static_cast<std::size_t> (size));
    if (! stream.read (reinterpret_cast<char*> (bytes.data()), static_cast<std::streamsize> (bytes.size())))
        throw BundleError ("The model " + file.filename().string() + " was refused: it cannot be read.");
    return bytes;
}
} // namespace timbrefold
