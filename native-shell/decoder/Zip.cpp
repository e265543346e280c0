// minizip over memory: first all names and sizes, then the contents, cut off where they exceed what they declared.
#include "Zip.h"

#include <algorithm>
#include <array>
#include <memory>
#include <minizip/unzip.h>
#include <stdexcept>

namespace timbrefold
{
namespace
{
/** A place in the bytes, as minizip reads a file. */
struct Stream
{
    std::span<const std::uint8_t> bytes;
    std::size_t at = 0;
};

Stream& streamOf (void* stream)
{
    return *static_cast<Stream*> (stream);
}

zlib_filefunc64_def functionsOver (Stream& stream)
{
    zlib_filefunc64_def functions {};
    functions.opaque = &stream;
    functions.zopen64_file = [] (voidpf opaque, const void*, int) -> voidpf { return opaque; };
    functions.zread_file = [] (voidpf, voidpf opaque, void* into, uLong size) -> uLong
    {
        auto& from = streamOf (opaque);
        const auto count = std::min (static_cast<std::size_t> (size), from.bytes.size() - from.at);
        std::copy_n (from.bytes.begin() + static_cast<std::ptrdiff_t> (from.at), count, static_cast<std::uint8_t*> (into));
        from.at += count;
        return static_cast<uLong> (count);
    };
    functions.zwrite_file = [] (voidpf, voidpf, const void*, uLong) -> uLong { return 0; };
    functions.ztell64_file = [] (voidpf, voidpf opaque) -> ZPOS64_T { return streamOf (opaque).at; };
    functions.zseek64_file = [] (voidpf, voidpf opaque, ZPOS64_T offset, int origin) -> long
    {
        auto& from = streamOf (opaque);
        const ZPOS64_T base = origin == ZLIB_FILEFUNC_SEEK_CUR ? from.at : origin == ZLIB_FILEFUNC_SEEK_END ? from.bytes.size() : 0;
        if (offset > from.bytes.size() - base)
            return -1;
        from.at = static_cast<std::size_t> (base + offset);
        return 0;
    };
    functions.zclose_file = [] (voidpf, voidpf) { return 0; };
    functions.zerror_file = [] (voidpf, voidpf) { return 0; };
    return functions;
}

[[noreturn]] void damaged()
{
    throw std::runtime_error ("it is damaged or truncated");
}

/** Control characters would make a sentence unreadable. */
std::string printable (std::string name)
{
    std::replace_if (name.begin(), name.end(), [] (char c) { return static_cast<unsigned char> (c) < 0x20 || c == 0x7f; }, '?');
    return name.substr (0, 100);
}

Bytes contentOf (unzFile zip, const std::string& name, std::size_t size)
{
    Bytes data (size + 1);
    if (unzOpenCurrentFile (zip) != UNZ_OK)
        throw std::runtime_error ("its entry \"" + name + "\" is packed in a way that cannot be read");
    std::size_t at = 0;
    int got = 0;
    // One byte more than declared is room enough to see that there is more.
    while (at < data.size() && (got = unzReadCurrentFile (zip, data.data() + at, static_cast<unsigned> (data.size() - at))) > 0)
        at += static_cast<std::size_t> (got);
    const int closed = unzCloseCurrentFile (zip);
    if (got < 0 || closed != UNZ_OK || at != size)
        throw std::runtime_error ("its entry \"" + name + "\" is damaged");
    data.resize (size);
    return data;
}
} // namespace

std::map<std::string, Bytes> readZip (std::span<const std::uint8_t> bytes, const ZipLimits& limits, const std::function<bool (const std::string&)>& allow)
{
    Stream stream { bytes };
    auto functions = functionsOver (stream);
    const std::unique_ptr<void, int (*) (void*)> zip (unzOpen2_64 ("", &functions), [] (void* opened) { return unzClose (opened); });
    if (zip == nullptr)
        damaged();

    std::map<std::string, std::size_t> declared;
    std::size_t total = 0;
    for (int found = unzGoToFirstFile (zip.get()); found != UNZ_END_OF_LIST_OF_FILE; found = unzGoToNextFile (zip.get()))
    {
        unz_file_info64 info {};
        std::array<char, 512> text {};
        if (found != UNZ_OK || unzGetCurrentFileInfo64 (zip.get(), &info, text.data(), text.size() - 1, nullptr, 0, nullptr, 0) != UNZ_OK)
            damaged();
        const std::string name (text.data());
        const auto quoted = "\"" + printable (name) + "\"";
        if (declared.size() == limits.entries)
            throw std::runtime_error ("it holds more than " + std::to_string (limits.entries) + " entries");
        if (info.size_filename != name.size() || ! allow (name))
            throw std::runtime_error ("it holds an entry that does not belong there: " + quoted);
        if (info.uncompressed_size > limits.entryBytes)
            throw std::runtime_error ("its entry " + quoted + " unpacks to more than " + std::to_string (limits.entryBytes >> 20) + " MiB");
        if (! declared.emplace (name, static_cast<std::size_t> (info.uncompressed_size)).second)
            throw std::runtime_error ("it holds " + quoted + " twice");
        total += static_cast<std::size_t> (info.uncompressed_size);
        if (total > limits.totalBytes)
            throw std::runtime_error ("it unpacks to more than " + std::to_string (limits.totalBytes >> 20) + " MiB");
    }

    std::map<std::string, Bytes> files;
    for (const auto& [name, size] : declared)
    {
        if (unzLocateFile (zip.get(), name.c_str(), 1) != UNZ_OK)
            damaged();
        files.emplace (name, contentOf (zip.get(), name, size));
    }
    return files;
}
} // namespace timbrefold
