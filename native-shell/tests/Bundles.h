// Bundles made of the one that ships: the same weights under another name, so that there is more than one model.
#pragma once

#include "Factory.h"
#include "JsonPlace.h"

#include <filesystem>
#include <functional>

namespace timbrefold::tests
{
/** The factory's bundle with its files changed by `change`, hashes made right again, packed anew. */
Bytes repacked (const std::function<void (std::map<std::string, Bytes>& files, Json& manifest)>& change);

/** The factory's bundle under another id and name: another model to everybody. */
Bytes otherModel (const std::string& id, const std::string& name);

Bytes bytesOf (const std::string& text);
std::string textOf (const Bytes& bytes);

/** A folder of its own that goes with it. */
class TemporaryFolder
{
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder (const TemporaryFolder&) = delete;
    TemporaryFolder& operator= (const TemporaryFolder&) = delete;

    void write (const std::string& name, const Bytes& bytes) const;

    const std::filesystem::path path;
};
} // namespace timbrefold::tests
