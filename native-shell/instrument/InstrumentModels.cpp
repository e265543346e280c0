// Models: which one plays, which is being loaded, and where a missing one is looked for.
#include "Instrument.h"

namespace timbrefold
{
namespace
{
/** Polls from one look into the model folder to the next, about two seconds, while a model is missing. */
constexpr int pollsPerLook = 60;
} // namespace

/** The model that ships, opened once in a process. */
std::shared_ptr<const LoadedModel> Instrument::shipped() const
{
    return models::openShipped (surroundings.factory, "atlas.timbre");
}

/** Plays a model from its first preset on. */
void Instrument::takeModel (std::shared_ptr<const LoadedModel> model)
{
    loaded = std::move (model);
    const auto& presets = loaded->bundle.presets;
    // Four sounds far apart in the list are more likely to differ than the first four.
    for (std::size_t i = 0; i < corners.size(); i++)
        corners[i] = { presets[i * presets.size() / corners.size()].name, presets[i * presets.size() / corners.size()].latent };
    preset = presets.front();
    submit (Change::model);
    sayModel();
    sayCorners();
    apply (presets.front(), 0, presets.front().path, tableOf (presets.front()), true);
}

/** The model of that identity wherever it is: open already, shipped, inside the session, or in the user's folder. */
std::shared_ptr<const LoadedModel> Instrument::findModel (const ModelIdentity& identity, const std::vector<std::uint8_t>& embedded)
{
    if (loaded != nullptr && loaded->bundle.identity == identity)
        return loaded;
    if (auto open = models::find (identity))
        return open;
    if (auto ours = shipped(); ours->bundle.identity == identity)
        return ours;
    try
    {
        if (! embedded.empty())
            if (auto inside = models::open (embedded, "inside the session"); inside->bundle.identity == identity)
                return inside;
        if (const auto file = surroundings.models.empty() ? std::nullopt : ModelFolder (surroundings.models).find (identity))
            if (auto found = models::open (readBundleFile (*file), file->filename().string()); found->bundle.identity == identity)
                return found;
    }
    catch (const std::exception& error)
    {
        notice ("model", "error", error.what());
    }
    return nullptr;
}

void Instrument::startLoading (std::string source, Bytes bytes)
{
    if (loading != nullptr)
        return notice ("model", "information", "A model is being loaded; try again when it is there.");
    say ({ { "type", "status" }, { "stage", "loading" }, { "place", "map" }, { "text", "Opening " + source }, { "progress", -1 } });
    loading = std::make_unique<ModelLoading> (std::move (source), std::move (bytes));
}

void Instrument::followLoading()
{
    if (loading == nullptr || ! loading->done())
        return;
    const auto ended = std::move (loading);
    say ({ { "type", "status" }, { "stage", "ready" }, { "place", "map" }, { "text", "" }, { "progress", 1 } });
    if (ended->model() == nullptr)
        return notice ("model", "error", ended->refusal());
    if (loaded == nullptr && unread.empty() && ! waiting)
        waiting = session();
    if (waiting && waiting->preset.model == ended->model()->bundle.identity)
        return resume (std::move (*waiting));
    takeModel (ended->model());
}

/** Looks for the missing model when its folder has changed. */
void Instrument::lookForModel()
{
    if (loaded != nullptr || ! unread.empty() || surroundings.models.empty() || --pollsUntilLook > 0)
        return;
    pollsUntilLook = pollsPerLook;
    const ModelFolder folder (surroundings.models);
    if (auto now = folder.fingerprint(); now != folderSeen)
    {
        folderSeen = std::move (now);
        if (auto found = findModel (preset.model, {}))
            resume (session());
    }
}

std::shared_ptr<const LoadedModel> Instrument::model() const
{
    const Lock lock (mutex);
    return loaded;
}

bool Instrument::embedsModel() const
{
    const Lock lock (mutex);
    return embeds;
}

void Instrument::embedModel (bool embed)
{
    const Lock lock (mutex);
    embeds = embed;
}
} // namespace timbrefold
