// The host's web view with our page in it: files by resource provider, messages by native events, and nothing from outside.
#pragma once

#include <functional>
#include <juce_gui_extra/juce_gui_extra.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace timbrefold
{
/** Whether a web view can be opened on this machine; looked for anew at each call. */
bool webViewPresent();

/** Message thread. */
class View : public juce::Component
{
public:
    using Json = nlohmann::json;

    struct Listener
    {
        virtual ~Listener() = default;
        /** A UiRequest of plugin/instrument/messages.ts. */
        virtual void uiRequest (const Json& request) = 0;
        /** A word of plugin/editor/view-messages.ts. */
        virtual void viewSays (const Json& word) = 0;
    };

    /** Starts the web view's process and loads the page. Null where there is no web view to start. */
    static std::unique_ptr<View> open (Listener& listener);

    /** To the UI: a HostMessage. */
    virtual void send (const Json& message) = 0;
    /** To the view around it: a word of view-messages.ts. */
    virtual void say (const Json& word) = 0;
    /** Computes an expression in the page, written in ASCII, and hands on its value, { error } where it threw; for tests. */
    virtual void evaluate (const std::string& script, std::function<void (const Json&)> then) = 0;
};
} // namespace timbrefold
