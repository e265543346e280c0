// The registry: weak references by the hash of the bundle.
#include "LoadedModel.h"
#include "Core.h"

#include <map>
#include <mutex>

namespace timbrefold::models
{
namespace
{
struct Registry
{
    std::mutex mutex;
    /** By the bundle's hash, or by its address where it is part of the program: its megabytes need not be hashed for every instance. */
    std::map<std::string, std::weak_ptr<const LoadedModel>> open;
};

Registry& registry()
{
    static Registry one;
    return one;
}

/** What the core would refuse is refused here, where it can be said. */
void tryInCore (const Bundle& bundle)
{
    try
    {
        Core core;
        core.prepare (48'000);
        core.setModel (bundle.model);
    }
    catch (const std::invalid_argument& error)
    {
        throw BundleError ("The model " + bundle.name + " was refused: " + error.what());
    }
}

std::shared_ptr<const LoadedModel> openOnce (const std::string& key, std::span<const std::uint8_t> bytes, Bytes owned, const std::string& source)
{
    auto& [mutex, open] = registry();
    const std::lock_guard lock (mutex);
    std::erase_if (open, [] (const auto& entry) { return entry.second.expired(); });
    if (const auto found = open.find (key); found != open.end())
        if (auto model = found->second.lock())
            return model;
    auto model = std::make_shared<LoadedModel>();
    model->bundle = readBundle (bytes, source);
    tryInCore (model->bundle);
    model->session = openSession (model->bundle);
    model->bundle.decoderGraph = {};
    model->factory = owned.empty();
    model->owned = std::move (owned);
    model->bytes = model->factory ? bytes : std::span<const std::uint8_t> (model->owned);
    open[key] = model;
    return model;
}
} // namespace

std::shared_ptr<const LoadedModel> openShipped (std::span<const std::uint8_t> bytes, const std::string& source)
{
    return openOnce ("shipped " + std::to_string (reinterpret_cast<std::uintptr_t> (bytes.data())), bytes, {}, source);
}

std::shared_ptr<const LoadedModel> open (Bytes bytes, const std::string& source)
{
    const std::span<const std::uint8_t> view (bytes);
    const auto key = sha256Hex (view);
    return openOnce (key, view, std::move (bytes), source);
}

std::shared_ptr<const LoadedModel> find (const ModelIdentity& identity)
{
    auto& [mutex, open] = registry();
    const std::lock_guard lock (mutex);
    for (const auto& entry : open)
        if (auto model = entry.second.lock(); model != nullptr && model->bundle.identity == identity)
            return model;
    return nullptr;
}
} // namespace timbrefold::models
