// Meters, spectrum and wave change all the time: a view that is busy gets the newest of each when it is ready again, and none of those before.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace timbrefold
{
/** Message thread. */
class MovingMessages
{
public:
    using Json = nlohmann::json;

    static bool moves (std::string_view type)
    {
        return std::find (types.begin(), types.end(), type) != types.end();
    }

    /** True where the message may go at once; otherwise it waits, in the place of an older one of its type. */
    bool offer (const std::string& type, const Json& message)
    {
        if (! busy || sent.count (type) == 0)
        {
            busy = true;
            sent.insert (type);
            return true;
        }
        waiting[type] = message;
        return false;
    }

    /** The view has shown what it got: what is to be sent now. */
    std::vector<Json> shown()
    {
        std::vector<Json> next;
        sent.clear();
        for (auto& [type, message] : waiting)
        {
            sent.insert (type);
            next.push_back (std::move (message));
        }
        waiting.clear();
        busy = ! next.empty();
        return next;
    }

private:
    static constexpr std::array<std::string_view, 3> types { "meters", "spectrum", "wave" };

    /** Between a message and the view's answer. */
    bool busy = false;
    /** Types of which one is on its way. */
    std::set<std::string> sent;
    std::map<std::string, Json> waiting;
};
} // namespace timbrefold
