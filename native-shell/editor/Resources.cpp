// Unpacks from the plug-in's own memory.
#include "Resources.h"
#include "EditorFiles.h"

#include <array>
#include <utility>

namespace timbrefold
{
namespace
{
constexpr std::array<std::pair<const char*, const char*>, 9> types { {
    { ".html", "text/html" },
    { ".js", "text/javascript" },
    { ".mjs", "text/javascript" },
    { ".css", "text/css" },
    { ".wasm", "application/wasm" },
    { ".woff2", "font/woff2" },
    { ".json", "application/json" },
    { ".svg", "image/svg+xml" },
    { ".gz", "application/gzip" },
} };
} // namespace

juce::String mimeOf (const juce::String& path)
{
    for (const auto& [ending, type] : types)
        if (path.endsWith (ending))
            return type;
    return "application/octet-stream";
}

std::optional<ViewFile> viewFile (const juce::String& path)
{
    const auto name = path == "/" ? juce::String ("index.html") : path.trimCharactersAtStart ("/");
    juce::MemoryInputStream packed (EditorFiles::editor_zip, static_cast<size_t> (EditorFiles::editor_zipSize), false);
    juce::ZipFile zip (packed);
    const int index = zip.getIndexOfFileName (name);
    const std::unique_ptr<juce::InputStream> stream (index >= 0 ? zip.createStreamForEntry (index) : nullptr);
    if (stream == nullptr)
        return std::nullopt;
    ViewFile file { std::vector<std::byte> (static_cast<size_t> (zip.getEntry (index)->uncompressedSize)), mimeOf (name) };
    const int length = static_cast<int> (file.bytes.size());
    if (stream->read (file.bytes.data(), length) != length)
        return std::nullopt;
    return file;
}
} // namespace timbrefold
