// Hands the host a key that was pressed in the view and means nothing there, the space bar above all.
#pragma once

#include <juce_gui_basics/juce_gui_basics.h>

namespace timbrefold
{
/** A key as the view tells it: `key` and `code` as in the KeyboardEvent of browsers. */
struct ViewKey
{
    bool down = false;
    juce::String key, code;
    bool shift = false, control = false, alt = false;
};

/** X11's name (keysym) for a key, 0 where it is none that a host could mean. */
unsigned long keysymOf (const ViewKey& key);

/** Sends the key to the window of the host around `editor`. Linux (X11); elsewhere the host sees keys by itself. Message thread. */
void sendToHost (juce::Component& editor, const ViewKey& key);
} // namespace timbrefold
