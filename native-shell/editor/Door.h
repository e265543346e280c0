// What the editor needs of the instrument behind it, so that it can also be opened before another one, in tests.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>

namespace timbrefold
{
/** All of it on the message thread. */
class Door
{
public:
    using Json = nlohmann::json;

    virtual ~Door() = default;

    /** Hands every HostMessage to `listener`, typed arrays as base64; returns what `unsubscribe` takes. */
    virtual int subscribe (std::function<void (const Json& message)> listener) = 0;
    virtual void unsubscribe (int subscription) = 0;

    /** Decides a UiRequest. False where the request is none of the instrument's. */
    virtual bool handle (const Json& request) = 0;

    /** Says something to every face. */
    virtual void emit (Json message) = 0;

    /** What a face keeps in the session, null where there is nothing. */
    virtual Json keptInSession (const std::string& name) const = 0;
    virtual void keepInSession (const std::string& name, Json value) = 0;

    /** Whether the session carries the model's bundle; none where it need not, since the model ships with the plug-in, or there is no model. */
    virtual std::optional<bool> embedsModel() const = 0;
    virtual void embedModel (bool embed) = 0;

    /** Bytes of the bundle that plays, copied; empty where there is none. */
    virtual std::vector<std::uint8_t> bundle() const = 0;
};
} // namespace timbrefold
