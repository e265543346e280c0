// The user's models: a folder of bundles, searched by identity.
#pragma once

#include "Bundle.h"

#include <filesystem>
#include <optional>
#include <string>

namespace timbrefold
{
/** Where a user's models are looked for. Never on the audio thread; what cannot be read counts as not there. */
class ModelFolder
{
public:
    explicit ModelFolder (std::filesystem::path folder) : path (std::move (folder)) {}

    /** Where the system keeps such things: XDG's data folder, ~/Library/Application Support, or Documents, then Timbrefold/Models. */
    static std::filesystem::path usual();

    /** The file that holds the model of that identity, by its manifest; the newest where there are several. */
    std::optional<std::filesystem::path> find (const ModelIdentity& identity) const;

    /** Names, sizes and times of its files in one text, so that a change is seen without opening any. */
    std::string fingerprint() const;

    const std::filesystem::path path;
};

/** The bytes of a bundle's file. Never on the audio thread. @throws BundleError where it cannot be read or is too large */
Bytes readBundleFile (const std::filesystem::path& file);
} // namespace timbrefold
