// A model on its way: read and tried on a thread of its own.
#pragma once

#include "LoadedModel.h"

#include <atomic>
#include <thread>

namespace timbrefold
{
class ModelLoading
{
public:
    /** Begins. `source` is the file's name in sentences. Message thread, like all of it. */
    ModelLoading (std::string source, Bytes bytes)
        : thread (
            [this, from = std::move (source), data = std::move (bytes)]() mutable
            {
                try
                {
                    loaded = models::open (std::move (data), from);
                }
                catch (const std::exception& error)
                {
                    sentence = error.what();
                }
                ended.store (true, std::memory_order_release);
            })
    {
    }
    ~ModelLoading() { thread.join(); }
    ModelLoading (const ModelLoading&) = delete;
    ModelLoading& operator= (const ModelLoading&) = delete;

    bool done() const noexcept { return ended.load (std::memory_order_acquire); }

    /** Once it is done: the model, or null and why. */
    std::shared_ptr<const LoadedModel> model() const { return loaded; }
    const std::string& refusal() const { return sentence; }

private:
    std::shared_ptr<const LoadedModel> loaded;
    std::string sentence;
    std::atomic<bool> ended { false };
    std::thread thread;
};
} // namespace timbrefold
