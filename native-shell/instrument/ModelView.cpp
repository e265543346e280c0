// Typed arrays as base64, as a bridge of text carries them.
#include "ModelView.h"
#include "JsonText.h"

namespace timbrefold
{
Json modelView (const LoadedModel& model)
{
    const auto& bundle = model.bundle;
    const auto& core = bundle.model;
    auto macros = Json::array();
    for (const auto& macro : bundle.macros)
        macros.push_back ({ { "label", macro.label }, { "description", macro.description } });
    auto points = Json::array();
    std::vector<float> latents;
    for (std::size_t i = 0; i < core.map.size(); i++)
    {
        points.push_back ({ { "name", bundle.points[i].name }, { "family", bundle.points[i].family }, { "x", shortest (core.map[i].x) }, { "y", shortest (core.map[i].y) } });
        latents.insert (latents.end(), core.map[i].latent.begin(), core.map[i].latent.end());
    }
    auto presets = Json::array();
    for (const auto& preset : bundle.presets)
        presets.push_back (Json (presetJson (preset)));
    return {
        { "id", bundle.identity.id },
        { "name", bundle.name },
        { "family", bundle.family },
        { "version", bundle.version },
        { "licence", bundle.licence },
        { "summary", bundle.summary },
        { "macros", std::move (macros) },
        { "points", std::move (points) },
        { "presets", std::move (presets) },
        { "maxSeconds", shortest (core.maxSeconds) },
        { "space",
          { { "dim", core.latentDim },
            { "detail", core.latentDetail },
            { "interpolation", core.interpolation == CoreModel::Interpolation::slerp ? "slerp" : "lerp" },
            { "mean", core.mean },
            { "std", core.std },
            { "directions", core.macros },
            { "latents", toBase64 (std::span<const float> (latents)) } } },
    };
}
} // namespace timbrefold
