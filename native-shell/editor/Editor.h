// The plug-in's editor: the web view with the UI, what a browser would do for it (files, size, keys), and a plain list of parameters where there is no web view.
#pragma once

#include "Door.h"
#include "MovingMessages.h"
#include "UserFolder.h"
#include "View.h"

#include <juce_audio_processors/juce_audio_processors.h>
#include <memory>

namespace timbrefold
{
/** Message thread. The processor owns the door and outlives the editor. */
class Editor final : public juce::AudioProcessorEditor, public juce::FileDragAndDropTarget, private View::Listener, private juce::Timer
{
public:
    using Json = Door::Json;

    static constexpr int smallestWidth = 900, smallestHeight = 560, widest = 7680, highest = 4320;
    static constexpr int usualWidth = 1280, usualHeight = 800;

    Editor (juce::AudioProcessor& processor, Door& door, UserFolder folder = UserFolder::ofThisUser());
    ~Editor() override;

    void paint (juce::Graphics& graphics) override;
    void resized() override;
    void setScaleFactor (float scale) override;
    void parentHierarchyChanged() override;

    bool isInterestedInFileDrag (const juce::StringArray&) override { return true; }
    void filesDropped (const juce::StringArray& files, int x, int y) override;

    /** Whether the UI's first picture is on the screen. */
    bool isReady() const noexcept { return ready; }
    /** Whether the plain list stands in for the UI. */
    bool isPlain() const noexcept { return plain != nullptr; }
    /** The view, null before it opens and where there is none; for tests. */
    View* currentView() noexcept { return view.get(); }

private:
    void uiRequest (const Json& request) override;
    void viewSays (const Json& word) override;
    void timerCallback() override;

    void openView();
    void showPlain (const juce::String& why);
    void placeView();
    void uncover();
    void tellAll();
    void sendPart (const std::string& of, size_t from);
    void relay (const Json& message);
    void tellScale();
    void notice (const std::string& id, const std::string& text, const std::string& tone = "error");
    void tellEmbedding();
    void chooseFile (int purpose, const juce::String& accept);
    void saveFile (const juce::String& name, juce::MemoryBlock bytes);
    void offer (const juce::File& file, int purpose);
    void storePreset (const Json& word);
    void removePreset (const Json& word);
    juce::Rectangle<int> viewBounds() const;

    Door& door;
    const UserFolder folder;
    int subscription = 0;
    MovingMessages moving;
    std::unique_ptr<View> view;
    std::unique_ptr<juce::Component> plain;
    std::unique_ptr<juce::FileChooser> chooser;
    /** `greeted`: the UI has said its first word, so that there is somebody to talk to. `told`: it knows everything, and hears what changes from now on. */
    bool asked = false, greeted = false, ready = false, told = false;
    double toldScale = 0;
    int unansweredPings = 0;
    int restarts = 0;
    /** A new view stands in for one that went, and nobody has been told yet. */
    bool restarted = false;
};
} // namespace timbrefold
