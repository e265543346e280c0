// A window with the editor in it. Reads commands from standard input, one a line, and answers each with one line of JSON:
//   wait            until the view shows its first picture or the plain list stands in for it: { "ready", "plain", "milliseconds" since opening }
//   script TEXT     runs a script in the page: its value
//   requests        what the UI asked for since the last time
//   values          the parameters as the instrument has them
//   say JSON        a HostMessage to the UI
//   size W H        a size of the window
//   close, open     the editor, not the instrument
//   kept            what the session keeps
//   quit
#include "Editor.h"
#include "StandIn.h"

#include <iostream>
#include <thread>

namespace timbrefold
{
namespace
{
class Window final : public juce::DocumentWindow
{
public:
    Window() : DocumentWindow ("Timbrefold", juce::Colours::black, DocumentWindow::allButtons) { setUsingNativeTitleBar (true); }
    void closeButtonPressed() override { juce::JUCEApplication::getInstance()->systemRequestedQuit(); }
};

class Hands final : public juce::JUCEApplication
{
public:
    const juce::String getApplicationName() override { return "Timbrefold editor"; }
    const juce::String getApplicationVersion() override { return "1"; }
    bool moreThanOneInstanceAllowed() override { return true; }

    void initialise (const juce::String&) override
    {
        open();
        reader = std::thread (
            [this]
            {
                for (std::string line; std::getline (std::cin, line);)
                    juce::MessageManager::callAsync ([this, line] { obey (line); });
                juce::MessageManager::callAsync ([] { juce::JUCEApplication::quit(); });
            });
        reader.detach();
    }

    void shutdown() override { window.reset(); }

private:
    using Json = Door::Json;

    void open()
    {
        opened = juce::Time::getMillisecondCounterHiRes();
        window = std::make_unique<Window>();
        editor = new Editor (processor, instrument, UserFolder (juce::File (juce::SystemStats::getEnvironmentVariable ("TIMBREFOLD_USER", "/nonexistent"))));
        window->setContentOwned (editor, true);
        window->setTopLeftPosition (0, 0);
        window->setVisible (true);
    }

    static void answer (const Json& json) { std::cout << json.dump() << std::endl; }

    void whenReady()
    {
        if (editor->isReady() || editor->isPlain())
            return answer ({ { "ready", editor->isReady() }, { "plain", editor->isPlain() }, { "milliseconds", juce::Time::getMillisecondCounterHiRes() - opened } });
        juce::Timer::callAfterDelay (5, [this] { whenReady(); });
    }

    void obey (const std::string& line)
    {
        const auto space = line.find (' ');
        const auto word = line.substr (0, space);
        const auto rest = space == std::string::npos ? std::string() : line.substr (space + 1);
        if (word == "wait")
            whenReady();
        else if (word == "script")
        {
            if (editor->currentView() == nullptr)
                return answer ("no view");
            editor->currentView()->evaluate (juce::String::fromUTF8 (rest.c_str()), [] (const juce::var& value) { std::cout << juce::JSON::toString (value, true) << std::endl; });
        }
        else if (word == "requests")
            answer (std::exchange (instrument.requests, {}));
        else if (word == "values")
            answer (instrument.values);
        else if (word == "kept")
            answer (instrument.kept);
        else if (word == "say")
        {
            instrument.emit (Json::parse (rest));
            answer (true);
        }
        else if (word == "size")
        {
            const auto sides = juce::StringArray::fromTokens (rest, false);
            editor->setSize (sides[0].getIntValue(), sides[1].getIntValue());
            answer ({ { "width", editor->getWidth() }, { "height", editor->getHeight() } });
        }
        else if (word == "close")
        {
            editor = nullptr;
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

    SilentProcessor processor;
    StandIn instrument;
    std::unique_ptr<Window> window;
    Editor* editor = nullptr;
    double opened = 0;
    std::thread reader;
};
} // namespace
} // namespace timbrefold

START_JUCE_APPLICATION (timbrefold::Hands)
