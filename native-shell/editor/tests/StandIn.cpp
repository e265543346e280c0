#include "StandIn.h"

namespace timbrefold
{
int StandIn::subscribe (std::function<void (const Json&)> listener)
{
    listeners[++last] = std::move (listener);
    return last;
}

void StandIn::unsubscribe (int subscription)
{
    listeners.erase (subscription);
}

void StandIn::emit (Json message)
{
    for (const auto& [id, listener] : listeners)
        listener (message);
}

bool StandIn::handle (const Json& request)
{
    requests.push_back (request);
    const auto type = request.value ("type", "");
    if (type == "hello")
    {
        emit ({ { "type", "model" }, { "model", nullptr } });
        if (! values.empty())
            emit ({ { "type", "parameters" }, { "values", values } });
        emit ({ { "type", "kept" }, { "place", "session" }, { "value", sessionKeep } });
        return true;
    }
    if (type == "parameter")
    {
        values[request["id"]] = request["value"];
        emit ({ { "type", "parameters" }, { "values", { { request["id"].get<std::string>(), request["value"] } } } });
        return true;
    }
    if (type == "keep")
        sessionKeep = request["value"];
    return type == "gesture" || type == "keep" || type == "noteOn" || type == "noteOff";
}

Door::Json StandIn::keptInSession (const std::string& name) const
{
    return kept.value (name, Json());
}

void StandIn::keepInSession (const std::string& name, Json value)
{
    kept[name] = std::move (value);
}
} // namespace timbrefold
