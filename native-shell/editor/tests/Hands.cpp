// A host with one plug-in in it: the instrument, played by nobody, and its editor in a window. Reads commands from standard input, one a line, and answers
// each with one line of JSON. test/native/editor.ts is its user.
//   wait            until the view shows its first picture, or the plain list stands in for it: { ready, plain, milliseconds since it opened, and when that
//                   was in milliseconds since 1970 }
//   gone            until the view has been given up, since it no longer answers
//   empty           opens a web view with nothing in it in a window of its own: milliseconds until its first picture
//   script TEXT     runs a script in the page: its value
//   parameter ID    its value as the host has it, 0..1
//   automate ID V   the host moves a parameter, 0..1
//   gestures        what the host was told of hands since the last time: [ [ id, "begin" | "end" | value ] ]
//   keys            the keys that reached the host's window since the last time
//   drop PATH       a file is dropped on the editor
//   size W H        another size of the editor
//   scale S         as a host on a dense screen says it
//   state           the session as the host would save it
//   idle MS         lets so much time pass
//   close, open     the editor; the instrument stays
//   quit
#include "Editor.h"
#include "Processor.h"

#include <iostream>
#include <thread>

namespace timbrefold
{
namespace
{
using Json = nlohmann::json;

void answer (const Json& json)
{
    std::cout << json.dump (-1, ' ', true, Json::error_handler_t::replace) << std::endl;
}

class Window final : public juce::DocumentWindow
{
public:
    Window() : DocumentWindow ("Timbrefold", juce::Colours::black, DocumentWindow::allButtons) { setUsingNativeTitleBar (true); }
    void closeButtonPressed() override { juce::JUCEApplicationBase::quit(); }

    bool keyPressed (const juce::KeyPress& key) override
    {
        keys.push_back (key.getTextDescription().toStdString());
        return true;
    }

    std::vector<std::string> keys;
};

/** As wrappers of plug-ins hold an editor: as large as the editor is on the screen, with the scale that the host told it. */
class Holder final : public juce::Component
{
public:
    explicit Holder (juce::AudioProcessorEditor* editorToOwn) : editor (dynamic_cast<Editor*> (editorToOwn))
    {
        addAndMakeVisible (*editor);
        childBoundsChanged (editor.get());
    }

    void childBoundsChanged (juce::Component*) override
    {
        const auto area = getLocalArea (editor.get(), editor->getLocalBounds());
        setSize (area.getWidth(), area.getHeight());
    }

    const std::unique_ptr<Editor> editor;
};

/** What a web view costs that shows nothing: the same component, options and sign as the editor's, with one line of a page. */
class EmptyView final : public juce::DocumentWindow
{
public:
    explicit EmptyView (std::function<void()> whenShown) : DocumentWindow ("Empty", juce::Colours::black, DocumentWindow::allButtons)
    {
        constexpr std::string_view page = "<!doctype html><script>requestAnimationFrame(() => requestAnimationFrame(() => __JUCE__.backend.emitEvent('shown', 1)))</script>";
        using Browser = juce::WebBrowserComponent;
        const auto options = Browser::Options()
                                 .withNativeIntegrationEnabled()
                                 .withKeepPageLoadedWhenBrowserIsHidden()
                                 .withResourceProvider (
                                     [page] (const juce::String&) -> std::optional<Browser::Resource>
                                     {
                                         const auto* first = reinterpret_cast<const std::byte*> (page.data());
                                         return Browser::Resource { { first, first + page.size() }, "text/html" };
                                     })
                                 .withEventListener ("shown", [whenShown] (const juce::var&) { whenShown(); });
        auto browser = std::make_unique<Browser> (options);
        browser->setSize (Editor::usualWidth, Editor::usualHeight);
        browser->goToURL (Browser::getResourceProviderRoot());
        setContentOwned (browser.release(), true);
        setVisible (true);
    }
};

class Hands final : public juce::JUCEApplicationBase, private juce::AudioProcessorListener
{
public:
    const juce::String getApplicationName() override { return "Timbrefold editor"; }
    const juce::String getApplicationVersion() override { return "1"; }
    bool moreThanOneInstanceAllowed() override { return true; }
    void anotherInstanceStarted (const juce::String&) override {}
    void systemRequestedQuit() override { quit(); }
    void suspended() override {}
    void resumed() override {}
    void unhandledException (const std::exception*, const juce::String&, int) override { std::abort(); }

    void initialise (const juce::String&) override
    {
        processor = std::make_unique<Processor>();
        processor->addListener (this);
        open();
        std::thread (
            [this]
            {
                for (std::string line; std::getline (std::cin, line);)
                    juce::MessageManager::callAsync ([this, line] { obey (line); });
                juce::MessageManager::callAsync ([] { quit(); });
            })
            .detach();
    }

    void shutdown() override
    {
        empty.reset();
        window.reset();
        processor.reset();
    }

private:
    void audioProcessorParameterChanged (juce::AudioProcessor*, int index, float value) override { gestures.push_back ({ idOf (index), value }); }
    void audioProcessorChanged (juce::AudioProcessor*, const ChangeDetails&) override {}
    void audioProcessorParameterChangeGestureBegin (juce::AudioProcessor*, int index) override { gestures.push_back ({ idOf (index), "begin" }); }
    void audioProcessorParameterChangeGestureEnd (juce::AudioProcessor*, int index) override { gestures.push_back ({ idOf (index), "end" }); }

    juce::AudioProcessorParameterWithID& parameter (int index) { return dynamic_cast<juce::AudioProcessorParameterWithID&> (*processor->getParameters()[index]); }
    std::string idOf (int index) { return parameter (index).getParameterID().toStdString(); }

    juce::AudioProcessorParameterWithID& parameter (const juce::String& id)
    {
        for (int i = 0; i < processor->getParameters().size(); i++)
            if (parameter (i).getParameterID() == id)
                return parameter (i);
        throw std::runtime_error ("no such parameter");
    }

    Editor& editor() { return *dynamic_cast<Holder&> (*window->getContentComponent()).editor; }

    void open()
    {
        opened = juce::Time::getMillisecondCounterHiRes();
        openedAt = juce::Time::currentTimeMillis();
        window = std::make_unique<Window>();
        window->setContentOwned (new Holder (processor->createEditorIfNeeded()), true);
        window->setResizable (true, false);
        window->setTopLeftPosition (0, 0);
        window->setVisible (true);
    }

    void whenReady()
    {
        if (editor().isReady() || editor().isPlain())
            return answer ({ { "ready", editor().isReady() }, { "plain", editor().isPlain() }, { "milliseconds", juce::Time::getMillisecondCounterHiRes() - opened }, { "opened", openedAt } });
        juce::Timer::callAfterDelay (5, [this] { whenReady(); });
    }

    void whenGone()
    {
        if (! editor().isReady())
            return answer (true);
        juce::Timer::callAfterDelay (5, [this] { whenGone(); });
    }

    void obey (const std::string& line)
    {
        const auto space = line.find (' ');
        const auto word = line.substr (0, space);
        const auto rest = juce::String::fromUTF8 (space == std::string::npos ? "" : line.c_str() + space + 1);
        try
        {
            if (word == "wait")
                whenReady();
            else if (word == "gone")
                whenGone();
            else if (word == "empty")
            {
                const double begun = juce::Time::getMillisecondCounterHiRes();
                empty = std::make_unique<EmptyView> (
                    [this, begun]
                    {
                        answer (juce::Time::getMillisecondCounterHiRes() - begun);
                        juce::MessageManager::callAsync ([this] { empty.reset(); });
                    });
            }
            else if (word == "script")
                editor().currentView()->evaluate (rest.toStdString(), [] (const Json& value) { answer (value); });
            else if (word == "parameter")
                answer (parameter (rest).getValue());
            else if (word == "automate")
            {
                // As wrappers of plug-ins do: the value, without telling the host what it said itself.
                parameter (rest.upToFirstOccurrenceOf (" ", false, false)).setValue (rest.fromFirstOccurrenceOf (" ", false, false).getFloatValue());
                answer (true);
            }
            else if (word == "gestures")
                answer (std::exchange (gestures, Json::array()));
            else if (word == "keys")
                answer (std::exchange (window->keys, {}));
            else if (word == "drop")
            {
                editor().filesDropped (juce::StringArray (rest), 0, 0);
                answer (true);
            }
            else if (word == "size")
            {
                // As a host resizes: within the limits that the editor names.
                editor().setBoundsConstrained ({ rest.upToFirstOccurrenceOf (" ", false, false).getIntValue(), rest.fromFirstOccurrenceOf (" ", false, false).getIntValue() });
                answer ({ { "width", editor().getWidth() }, { "height", editor().getHeight() } });
            }
            else if (word == "scale")
            {
                editor().setScaleFactor (rest.getFloatValue());
                answer (true);
            }
            else if (word == "state")
            {
                juce::MemoryBlock state;
                processor->getStateInformation (state);
                answer (Json::parse (state.toString().toStdString()));
            }
            else if (word == "idle")
                juce::Timer::callAfterDelay (rest.getIntValue(), [] { answer (true); });
            else if (word == "close")
            {
                window.reset();
                answer (true);
            }
            else if (word == "open")
            {
                open();
                answer (true);
            }
            else
                quit();
        }
        catch (const std::exception& error)
        {
            answer ({ { "error", error.what() } });
        }
    }

    std::unique_ptr<Processor> processor;
    std::unique_ptr<Window> window;
    std::unique_ptr<EmptyView> empty;
    double opened = 0;
    juce::int64 openedAt = 0;
    Json gestures = Json::array();
};

juce::JUCEApplicationBase* create()
{
    return new Hands();
}
} // namespace
} // namespace timbrefold

// The web view's process is this program again: JUCE's main knows it by its arguments.
int main (int count, const char* arguments[])
{
    juce::JUCEApplicationBase::createInstance = &timbrefold::create;
    return juce::JUCEApplicationBase::main (count, arguments);
}
