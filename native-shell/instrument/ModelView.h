// What a face needs to know of a model: ModelView of plugin/instrument/messages.ts.
#pragma once

#include "LoadedModel.h"

namespace timbrefold
{
/** Message thread. */
Json modelView (const LoadedModel& model);
} // namespace timbrefold
