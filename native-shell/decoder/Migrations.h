// Brings the JSON of an older version to the present one, step by step. A step stands for ever once a version has been released. The twin of plugin/instrument/migrations.ts.
#pragma once

#include "JsonPlace.h"

#include <functional>
#include <map>

namespace timbrefold
{
/** Key n: from version n to n + 1. Gets and gives the JSON of a preset or a session, `version` apart. */
using Migrations = std::map<int, std::function<Json (Json)>>;

/** Version 1 is the first of either, so there is nothing to bring forward yet. */
inline const Migrations presetMigrations;
inline const Migrations sessionMigrations;

/** Applies every step between the version of `json` and `target`. @throws std::logic_error where a step is missing, which is a mistake of ours and not of the file */
inline Json migrate (Json json, int target, const Migrations& steps)
{
    for (int version = json.at ("version").get<int>(); version < target; version++)
    {
        const auto step = steps.find (version);
        if (step == steps.end())
            throw std::logic_error ("There is no migration from version " + std::to_string (version) + " to " + std::to_string (version + 1) + ".");
        json = step->second (std::move (json));
        json["version"] = version + 1;
    }
    return json;
}
} // namespace timbrefold
