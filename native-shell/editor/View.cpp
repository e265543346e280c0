// JUCE's WebBrowserComponent: WebKitGTK in a process of its own on Linux, WKWebView on macOS, WebView2 on Windows.
#include "View.h"
#include "QuietPipe.h"
#include "Resources.h"
#include "ViewProcess.h"
#include "Wire.h"

#if JUCE_LINUX || JUCE_BSD
#include <dlfcn.h>
#endif

namespace timbrefold
{
#if JUCE_WEB_BROWSER
namespace
{
/** The names under which plugin/editor/native-port.ts listens. */
constexpr const char* instrumentEvent = "timbrefold";
constexpr const char* viewEvent = "timbrefold-view";
constexpr const char* scriptFile = "/view.js";
/** Answers to questions of tests. */
constexpr const char* answerEvent = "timbrefold-answer";

using Browser = juce::WebBrowserComponent;

class Page final : public Browser
{
public:
    explicit Page (const Options& options) : Browser (options) {}

    /** The page never leaves itself: whatever a link or a dropped file would lead to stays outside. */
    bool pageAboutToLoad (const juce::String& url) override
    {
        return url == "about:blank" || url.startsWith (getResourceProviderRoot());
    }

    void newWindowAttemptingToLoad (const juce::String&) override {}

    /** JUCE would show the error as a page. */
    bool pageLoadHadNetworkError (const juce::String&) override { return false; }

    /** Shown until the web view's own window is there. */
    void paint (juce::Graphics&) override {}
};

class WebView final : public View
{
public:
    explicit WebView (Listener& listenerToTell) : listener (listenerToTell)
    {
        const auto before = viewProcesses();
        page = std::make_unique<Page> (optionsFor (*this));
        for (const int started : viewProcesses())
            if (before.count (started) == 0)
                process = started;
        writes = std::make_unique<WatchedWrites> (process);
        addAndMakeVisible (*page);
        page->goToURL (Browser::getResourceProviderRoot());
    }

    ~WebView() override
    {
        // The page's process may have ended before it is told to.
        const QuietPipe quiet;
        const EndOfViewProcess end (process);
        page.reset();
    }

    void resized() override { page->setBounds (getLocalBounds()); }

    void send (const Json& message) override { tell (instrumentEvent, message); }
    void say (const Json& word) override { tell (viewEvent, word); }

    void evaluate (const std::string& script, std::function<void (const Json&)> then) override
    {
        // The answer comes by event: JUCE's own answers carry no number, and one that is lost gives every later one to the wrong question.
        awaited[++lastQuestion] = std::move (then);
        const auto question = std::to_string (lastQuestion);
        const QuietPipe quiet;
        const WatchedWrites::Write write (*writes);
        page->evaluateJavascript (juce::String ("(() => { let answer; try { answer = { value: (" + script + ") }; } catch (error) { answer = { error: String(error) }; }"
                                                + " __JUCE__.backend.emitEvent('" + answerEvent + "', JSON.stringify({ type: 'answer', question: " + question
                                                + ", ...answer }).replace(/[\\u007f-\\uffff]/g, (c) => '\\\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))); })()"));
    }

private:
    static Browser::Options optionsFor (WebView& view)
    {
        // The page's script goes along as the view's own: as a file it would cost ten times as long on Linux, where JUCE writes files as lists of numbers.
        const auto script = viewFile (scriptFile);
        const auto scriptText = script ? juce::String::fromUTF8 (reinterpret_cast<const char*> (script->bytes.data()), static_cast<int> (script->bytes.size())) : juce::String();
        auto options = Browser::Options()
                           .withNativeIntegrationEnabled()
                           .withUserScript (scriptText)
                           .withKeepPageLoadedWhenBrowserIsHidden()
                           .withResourceProvider (
                               [] (const juce::String& path) -> std::optional<Browser::Resource>
                               {
                                   auto file = viewFile (path);
                                   return file ? std::optional (Browser::Resource { std::move (file->bytes), file->mime }) : std::nullopt;
                               })
                           .withEventListener (instrumentEvent, [&view] (const juce::var& text) { hear (fromWire (text.toString().toStdString()), [&view] (const Json& request) { view.listener.uiRequest (request); }); })
                           .withEventListener (answerEvent, [&view] (const juce::var& text) { hear (Json::parse (text.toString().toStdString(), nullptr, false), [&view] (const Json& answer) { view.takeAnswer (answer); }); })
                           .withEventListener (viewEvent, [&view] (const juce::var& text) { hear (fromWire (text.toString().toStdString()), [&view] (const Json& word) { view.listener.viewSays (word); }); });
       #if JUCE_WINDOWS
        options = options.withBackend (Browser::Options::Backend::webview2)
                      .withWinWebView2Options (Browser::Options::WinWebView2().withUserDataFolder (juce::File::getSpecialLocation (juce::File::tempDirectory).getChildFile ("timbrefold")));
       #endif
        return options;
    }

    template <typename Then>
    static void hear (const Json& message, Then then)
    {
        if (message.is_object() && message.contains ("type") && message["type"].is_string())
            then (message);
    }

    void takeAnswer (const Json& answer)
    {
        const auto found = awaited.find (answer.value ("question", 0));
        if (found == awaited.end())
            return;
        const auto then = std::move (found->second);
        awaited.erase (found);
        then (answer.contains ("error") ? Json { { "error", answer["error"] } } : answer.value ("value", Json()));
    }

    void tell (const char* event, const Json& message)
    {
        const QuietPipe quiet;
        const WatchedWrites::Write write (*writes);
        page->emitEventIfBrowserIsVisible (event, juce::var (juce::String (toWire (message))));
    }

    Listener& listener;
    std::map<int, std::function<void (const Json&)>> awaited;
    int lastQuestion = 0;
    /** The page's process, 0 where there is none of its own. */
    int process = 0;
    std::unique_ptr<WatchedWrites> writes;
    std::unique_ptr<Page> page;
};
} // namespace

bool webViewPresent()
{
   #if JUCE_LINUX || JUCE_BSD
    // The names that JUCE opens; without a library of them it shows an empty page. They stay for good: WebKit starts threads that a closed library would
    // pull the ground from under.
    const auto opens = [] (const char* name) { return dlopen (name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE) != nullptr; };
    return opens ("libgtk-3.so") && opens ("libglib-2.0.so")
           && ((opens ("libwebkit2gtk-4.1.so") && opens ("libjavascriptcoregtk-4.1.so") && opens ("libsoup-3.0.so"))
               || (opens ("libwebkit2gtk-4.0.so") && opens ("libjavascriptcoregtk-4.0.so") && opens ("libsoup-2.4.so")));
   #elif JUCE_WINDOWS
    return Browser::areOptionsSupported (Browser::Options().withBackend (Browser::Options::Backend::webview2));
   #else
    return true;
   #endif
}

std::unique_ptr<View> View::open (Listener& listener)
{
    if (! webViewPresent())
        return nullptr;
    const QuietPipe quiet;
    return std::make_unique<WebView> (listener);
}
#else
bool webViewPresent()
{
    return false;
}

std::unique_ptr<View> View::open (Listener&)
{
    return nullptr;
}
#endif
} // namespace timbrefold
