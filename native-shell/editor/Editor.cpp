// Opens the view after its own first picture, so that a window is never empty while the web view's process starts.
#include "Editor.h"
#include "HostKeys.h"
#include "Resources.h"

#include <stdexcept>

namespace timbrefold
{
namespace
{
/** The ground of ui/styles/tokens.css, light and dark, and the colour of its quiet text. */
const juce::Colour lightGround { 0xfff5f3ef }, darkGround { 0xff080c14 }, lightQuiet { 0xff5e636f }, darkQuiet { 0xff8b92a2 };
constexpr const char* sizeName = "editor";
/** ONNX Runtime's code for the view's Workers. As a message it costs a quarter of what JUCE's resource provider takes for the same bytes on Linux. */
constexpr const char* runtimeFile = "/ort-wasm-simd-threaded.wasm.gz";
constexpr const char* plainReason = "The instrument's own face needs a web view, and none could be opened here (on Debian: libwebkit2gtk-4.1-dev and libgtk-3-dev). All parameters:";
constexpr const char* goneReason = "The instrument's own face stopped again and again; close the editor and open it to try once more. All parameters:";
constexpr const char* restartedSentence = "The face had stopped and was started again. The instrument played on; nothing is lost.";
/** The view is asked this often whether it is still there, and given up after this many silences. */
constexpr int pingMs = 4000;
constexpr int patience = 6;
constexpr int mostRestarts = 2;
/** Bytes of a model or of the runtime that cross to the view at once. */
constexpr size_t largestPart = size_t { 192 } << 10;
/** Bytes of a file that is handed to the view, at most: hours of sound are no note. */
constexpr juce::int64 longestOffer = juce::int64 { 192 } << 20;

bool isDark()
{
    return juce::Desktop::getInstance().isDarkModeActive();
}

std::string text (const Door::Json& json, const char* name)
{
    const auto found = json.find (name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int number (const Door::Json& json, const char* name)
{
    const auto found = json.find (name);
    return found != json.end() && found->is_number() ? static_cast<int> (found->get<double>()) : 0;
}

bool flag (const Door::Json& json, const char* name)
{
    const auto found = json.find (name);
    return found != json.end() && found->is_boolean() && found->get<bool>();
}

juce::MemoryBlock fromBase64 (const std::string& letters)
{
    juce::MemoryOutputStream bytes;
    if (! juce::Base64::convertFromBase64 (bytes, juce::StringRef (letters.c_str())))
        throw std::runtime_error ("The file did not arrive whole.");
    return bytes.getMemoryBlock();
}

std::string toBase64 (const void* bytes, size_t size)
{
    return juce::Base64::toBase64 (bytes, size).toStdString();
}

juce::String string (const std::string& utf8)
{
    return juce::String::fromUTF8 (utf8.data(), static_cast<int> (utf8.size()));
}

/** What HTML calls `accept` as patterns of file names: ".json,audio/*" -> "*.json;*.wav;...". */
juce::String patternsOf (const juce::String& accept)
{
    juce::StringArray patterns;
    for (const auto& part : juce::StringArray::fromTokens (accept, ",", ""))
    {
        const auto wanted = part.trim();
        if (wanted.startsWithChar ('.'))
            patterns.addIfNotAlreadyThere ("*" + wanted);
        else if (wanted.startsWith ("audio/"))
            patterns.addTokens ("*.wav;*.flac;*.mp3;*.ogg;*.oga;*.opus;*.aif;*.aiff", ";", "");
        else if (wanted.isNotEmpty())
            return "*";
    }
    patterns.removeDuplicates (true);
    return patterns.isEmpty() ? "*" : patterns.joinIntoString (";");
}

/** The host's list of parameters with a sentence above it. */
class PlainEditor final : public juce::Component
{
public:
    PlainEditor (juce::AudioProcessor& processor, const juce::String& why) : list (processor)
    {
        sentence.setText (why, juce::dontSendNotification);
        sentence.setMinimumHorizontalScale (1.0f);
        addAndMakeVisible (sentence);
        addAndMakeVisible (list);
    }

    void resized() override
    {
        auto area = getLocalBounds();
        sentence.setBounds (area.removeFromTop (44).reduced (12, 4));
        list.setBounds (area);
    }

private:
    juce::Label sentence;
    juce::GenericAudioProcessorEditor list;
};
} // namespace

Editor::Editor (juce::AudioProcessor& processorToShow, Door& doorToUse, UserFolder folderToUse)
    : AudioProcessorEditor (processorToShow), door (doorToUse), folder (std::move (folderToUse))
{
    setOpaque (true);
    setResizable (true, false);
    setResizeLimits (smallestWidth, smallestHeight, widest, highest);
    const auto size = door.keptInSession (sizeName);
    const auto side = [&size] (const char* name, int usual, int smallest, int largest)
    {
        const int kept = size.is_object() ? number (size, name) : 0;
        return kept > 0 ? juce::jlimit (smallest, largest, kept) : usual;
    };
    setSize (side ("width", usualWidth, smallestWidth, widest), side ("height", usualHeight, smallestHeight, highest));
    subscription = door.subscribe ([this] (const Json& message) { relay (message); });
}

Editor::~Editor()
{
    door.unsubscribe (subscription);
    stopTimer();
}

void Editor::paint (juce::Graphics& graphics)
{
    const bool dark = isDark();
    graphics.fillAll (dark ? darkGround : lightGround);
    if (! ready && ! isPlain())
    {
        graphics.setColour (dark ? darkQuiet : lightQuiet);
        graphics.setFont (juce::FontOptions (20.0f));
        graphics.drawText ("Timbrefold", getLocalBounds(), juce::Justification::centred);
    }
    if (std::exchange (asked, true))
        return;
    // After this picture is out: starting the web view takes the message thread some tenths of a second.
    juce::MessageManager::callAsync (
        [self = juce::Component::SafePointer<Editor> (this)]
        {
            if (self != nullptr)
                self->openView();
        });
}

/** Outside the window until it has something to show: a web view begins as a white sheet. */
juce::Rectangle<int> Editor::viewBounds() const
{
    return ready ? getLocalBounds() : getLocalBounds().withX (-getWidth() - 16);
}

void Editor::resized()
{
    if (view != nullptr)
        view->setBounds (viewBounds());
    if (plain != nullptr)
        plain->setBounds (getLocalBounds());
    tellScale();
    // Before the first picture hosts try sizes of their own.
    if (asked)
        door.keepInSession (sizeName, { { "width", getWidth() }, { "height", getHeight() } });
}

void Editor::setScaleFactor (float scale)
{
    AudioProcessorEditor::setScaleFactor (scale);
    if (view != nullptr)
        placeView();
    tellScale();
}

void Editor::parentHierarchyChanged()
{
    tellScale();
}

// ---- The view --------------------------------------------------------------------------------------------------------

void Editor::openView()
{
    greeted = ready = told = false;
    toldScale = 0;
    unansweredPings = 0;
    moving = {};
    view = View::open (*this);
    if (view == nullptr)
        return showPlain (plainReason);
    addAndMakeVisible (*view);
    view->setBounds (viewBounds());
    startTimer (pingMs);
}

void Editor::showPlain (const juce::String& why)
{
    stopTimer();
    view.reset();
    plain = std::make_unique<PlainEditor> (*getAudioProcessor(), why);
    addAndMakeVisible (*plain);
    plain->setBounds (getLocalBounds());
    repaint();
}

/** Web views on Linux follow another size of theirs, not always another place alone, and no other scale of what is around them. */
void Editor::placeView()
{
    view->setBounds (viewBounds().withTrimmedBottom (1));
    view->setBounds (viewBounds());
}

void Editor::uncover()
{
    ready = true;
    placeView();
    repaint();
}

void Editor::timerCallback()
{
    if (view == nullptr)
        return;
    if (unansweredPings++ < patience)
    {
        if (greeted)
            view->say (Json::object ({ { "type", "ping" } }));
        return;
    }
    // Its process has ended or hangs. Everything that it showed lives here, so that a new one goes on where it was.
    restarted = restarts++ < mostRestarts;
    if (restarted)
        return openView();
    showPlain (goneReason);
}

void Editor::tellScale()
{
    if (view == nullptr || ! greeted)
        return;
    const auto* peer = getPeer();
    const double scale = juce::Component::getApproximateScaleFactorForComponent (this) * (peer != nullptr ? peer->getPlatformScaleFactor() : 1.0);
    if (std::exchange (toldScale, scale) != scale)
        view->say ({ { "type", "scale" }, { "scale", scale } });
}

// ---- Messages --------------------------------------------------------------------------------------------------------

/** From the instrument to the UI. */
void Editor::relay (const Json& message)
{
    if (view == nullptr || ! told)
        return;
    const auto type = text (message, "type");
    if (! MovingMessages::moves (type) || moving.offer (type, message))
        view->send (message);
    if (type == "model")
        tellEmbedding();
}

void Editor::tellEmbedding()
{
    const auto embeds = door.embedsModel();
    view->send ({ { "type", "embedding" }, { "embeds", embeds ? Json (*embeds) : Json() } });
}

void Editor::uiRequest (const Json& request)
{
    const auto type = text (request, "type");
    try
    {
        if (type == "hello")
        {
            greeted = true;
            toldScale = 0;
            tellScale();
            // The face's first picture needs nothing of the instrument: it shall not wait for the model's message, which is long.
            if (ready)
                tellAll();
            return;
        }
        if (type == "wake" || type == "openMidi")
            return;
        if (type == "resize")
            return setSize (juce::jlimit (smallestWidth, widest, number (request, "width")), juce::jlimit (smallestHeight, highest, number (request, "height")));
        if (type == "keep" && text (request, "place") == "user")
            return folder.remember (request.value ("value", Json()).dump());
        if (type == "embedModel")
        {
            door.embedModel (flag (request, "embed"));
            getAudioProcessor()->updateHostDisplay (juce::AudioProcessorListener::ChangeDetails().withNonParameterStateChanged (true));
            return tellEmbedding();
        }
        if (type == "offerFile")
        {
            const auto content = text (request, "text");
            return saveFile (string (text (request, "fileName")), { content.data(), content.size() });
        }
        if (! door.handle (request))
            notice (type, "The plug-in cannot do this (" + type + "); Timbrefold in a browser can.");
    }
    catch (const std::exception& error)
    {
        notice (type, error.what());
    }
}

void Editor::tellAll()
{
    told = true;
    auto presets = Json::array();
    for (const auto& [id, content] : folder.presets())
        presets.push_back ({ { "id", id }, { "text", content } });
    view->say ({ { "type", "presetFiles" }, { "files", std::move (presets) } });
    // The host runs the audio and connects MIDI: there is nothing to wake and nothing to ask for.
    view->send ({ { "type", "audio" }, { "state", "running" } });
    view->send ({ { "type", "midi" }, { "state", "missing" }, { "inputs", Json::array() } });
    door.handle (Json::object ({ { "type", "hello" } }));
    const auto remembered = Json::parse (folder.remembered(), nullptr, false);
    view->send ({ { "type", "kept" }, { "place", "user" }, { "value", remembered.is_discarded() ? Json() : remembered } });
    if (std::exchange (restarted, false))
        notice ("view", restartedSentence, "information");
}

void Editor::viewSays (const Json& word)
{
    const auto type = text (word, "type");
    try
    {
        if (type == "ready")
        {
            uncover();
            if (greeted)
                tellAll();
        }
        else if (type == "pong")
            unansweredPings = 0;
        else if (type == "shown")
            for (const auto& message : moving.shown())
                view->send (message);
        else if (type == "key")
            sendToHost (*this, { flag (word, "down"), string (text (word, "key")), string (text (word, "code")), flag (word, "shift"), flag (word, "control"), flag (word, "alt") });
        else if (type == "chooseFile")
            chooseFile (number (word, "purpose"), string (text (word, "accept")));
        else if (type == "saveFile")
            saveFile (string (text (word, "fileName")), fromBase64 (text (word, "bytes")));
        else if (type == "storePreset")
            storePreset (word);
        else if (type == "removePreset")
            removePreset (word);
        else if (type == "bytes")
            sendPart (text (word, "of"), static_cast<size_t> (std::max (0, number (word, "from"))));
    }
    catch (const std::exception& error)
    {
        notice (type, error.what());
    }
}

/** A part at a time, each asked for when the last has arrived: the host's own thread is never held for longer than one of them takes. */
void Editor::sendPart (const std::string& of, size_t from)
{
    const auto send = [&] (const void* bytes, size_t total)
    {
        const auto begin = std::min (from, total);
        const auto part = toBase64 (static_cast<const char*> (bytes) + begin, std::min (largestPart, total - begin));
        view->say ({ { "type", "bytes" }, { "of", of }, { "from", from }, { "total", total }, { "bytes", part } });
    };
    if (of == "runtime")
    {
        const auto runtime = viewFile (runtimeFile);
        send (runtime ? runtime->bytes.data() : nullptr, runtime ? runtime->bytes.size() : 0);
    }
    else
    {
        const auto bundle = door.bundle();
        send (bundle.data(), bundle.size());
    }
}

void Editor::notice (const std::string& id, const std::string& sentence, const std::string& tone)
{
    if (view != nullptr)
        view->send ({ { "type", "notice" }, { "id", id }, { "tone", tone }, { "text", sentence } });
}

// ---- Files -----------------------------------------------------------------------------------------------------------

void Editor::storePreset (const Json& word)
{
    const auto content = text (word, "text");
    const auto id = folder.store (text (word, "id"), text (word, "name"), content);
    view->say ({ { "type", "presetStored" }, { "id", id }, { "text", content } });
}

void Editor::removePreset (const Json& word)
{
    const auto id = text (word, "id");
    folder.remove (id);
    view->say ({ { "type", "presetRemoved" }, { "id", id } });
}

void Editor::chooseFile (int purpose, const juce::String& accept)
{
    using Flags = juce::FileBrowserComponent;
    chooser = std::make_unique<juce::FileChooser> ("Load", juce::File(), patternsOf (accept));
    chooser->launchAsync (Flags::openMode | Flags::canSelectFiles,
                          [this, purpose] (const juce::FileChooser& chosen)
                          {
                              if (chosen.getResult() != juce::File())
                                  offer (chosen.getResult(), purpose);
                          });
}

void Editor::saveFile (const juce::String& name, juce::MemoryBlock bytes)
{
    using Flags = juce::FileBrowserComponent;
    const auto documents = juce::File::getSpecialLocation (juce::File::userDocumentsDirectory);
    chooser = std::make_unique<juce::FileChooser> ("Save", documents.getChildFile (juce::File::createLegalFileName (name)));
    chooser->launchAsync (Flags::saveMode | Flags::canSelectFiles | Flags::warnAboutOverwriting,
                          [this, bytes = std::move (bytes)] (const juce::FileChooser& chosen)
                          {
                              const auto file = chosen.getResult();
                              if (file != juce::File() && ! file.replaceWithData (bytes.getData(), bytes.getSize()))
                                  notice ("file", (file.getFullPathName() + " could not be written; see that its folder may be written to and its disk has room.").toStdString());
                          });
}

void Editor::filesDropped (const juce::StringArray& files, int, int)
{
    constexpr int dropped = -1;
    if (! files.isEmpty())
        offer (juce::File (files[0]), dropped);
}

/** Hands a file to the view; a model goes straight to the instrument. */
void Editor::offer (const juce::File& file, int purpose)
{
    const auto name = file.getFileName().toStdString();
    juce::MemoryBlock bytes;
    if (file.getSize() > longestOffer)
        return notice ("file", name + " is larger than " + std::to_string (longestOffer >> 20) + " MiB and was not read.");
    if (! file.loadFileAsData (bytes))
        return notice ("file", name + " could not be read; it may have been moved or its disk removed.");
    const auto letters = toBase64 (bytes.getData(), bytes.getSize());
    if (file.hasFileExtension ("timbre"))
        uiRequest ({ { "type", "loadBundle" }, { "fileName", name }, { "bytes", letters } });
    else if (view != nullptr)
        view->say ({ { "type", "offer" }, { "purpose", purpose }, { "fileName", name }, { "bytes", letters } });
}
} // namespace timbrefold
