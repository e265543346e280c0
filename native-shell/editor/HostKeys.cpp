// X11: the key goes, as an event of our own making, to the outermost window that the editor stands in.
#define JUCE_GUI_BASICS_INCLUDE_XHEADERS 1
#include "HostKeys.h"

namespace timbrefold
{
unsigned long keysymOf (const ViewKey& key)
{
    static const std::map<juce::String, unsigned long> named {
        { "Space", 0x20 },         { "Backspace", 0xff08 },   { "Delete", 0xffff },    { "Insert", 0xff63 },      { "Numpad0", 0xffb0 },   { "Numpad1", 0xffb1 },
        { "Numpad2", 0xffb2 },     { "Numpad3", 0xffb3 },     { "Numpad4", 0xffb4 },   { "Numpad5", 0xffb5 },     { "Numpad6", 0xffb6 },   { "Numpad7", 0xffb7 },
        { "Numpad8", 0xffb8 },     { "Numpad9", 0xffb9 },     { "NumpadAdd", 0xffab }, { "NumpadEnter", 0xff8d }, { "NumpadDecimal", 0xffae }, { "NumpadDivide", 0xffaf },
        { "NumpadMultiply", 0xffaa }, { "NumpadSubtract", 0xffad },
    };
    if (const auto found = named.find (key.code); found != named.end())
        return found->second;
    if (key.code.length() >= 2 && key.code[0] == 'F' && juce::CharacterFunctions::isDigit (key.code[1]))
    {
        const int number = key.code.substring (1).getIntValue();
        return number >= 1 && number <= 24 ? 0xffbdul + static_cast<unsigned long> (number) : 0;
    }
    // Latin-1 characters are their own keysyms.
    if (key.key.length() == 1 && key.key[0] >= 0x20 && key.key[0] <= 0xff)
        return static_cast<unsigned long> (key.key[0]);
    if (key.key.isEmpty() && key.code.startsWith ("Key") && key.code.length() == 4)
        return static_cast<unsigned long> (juce::CharacterFunctions::toLowerCase (key.code[3]));
    if (key.key.isEmpty() && key.code.startsWith ("Digit") && key.code.length() == 6)
        return static_cast<unsigned long> (key.code[5]);
    return 0;
}

#if JUCE_LINUX
namespace
{
// Xlib's names for these types of event are JUCE's own in this file.
constexpr int keyPress = 2, keyRelease = 3;

/** The window below the root that a window manager knows, or the outermost one where there is none. */
::Window outermost (::Display* display, ::Window window)
{
    auto& x = *juce::X11Symbols::getInstance();
    const auto state = x.xInternAtom (display, "WM_STATE", False);
    for (;;)
    {
        ::Atom type = 0;
        int format = 0;
        unsigned long count = 0, left = 0;
        unsigned char* data = nullptr;
        x.xGetWindowProperty (display, window, state, 0, 0, False, AnyPropertyType, &type, &format, &count, &left, &data);
        if (data != nullptr)
            x.xFree (data);
        if (type != 0)
            return window;
        ::Window root = 0, parent = 0;
        ::Window* children = nullptr;
        unsigned int childCount = 0;
        if (x.xQueryTree (display, window, &root, &parent, &children, &childCount) == 0)
            return window;
        if (children != nullptr)
            x.xFree (children);
        if (parent == root || parent == 0)
            return window;
        window = parent;
    }
}
} // namespace

void sendToHost (juce::Component& editor, const ViewKey& key)
{
    auto* peer = editor.getPeer();
    auto* display = juce::XWindowSystem::getInstance()->getDisplay();
    const auto keysym = keysymOf (key);
    if (peer == nullptr || display == nullptr || keysym == 0)
        return;
    const juce::XWindowSystemUtilities::ScopedXLock lock;
    auto& x = *juce::X11Symbols::getInstance();
    ::XEvent event {};
    auto& press = event.xkey;
    press.type = key.down ? keyPress : keyRelease;
    press.display = display;
    press.window = outermost (display, static_cast<::Window> (reinterpret_cast<juce::pointer_sized_uint> (peer->getNativeHandle())));
    press.root = x.xRootWindow (display, x.xDefaultScreen (display));
    press.time = CurrentTime;
    press.same_screen = True;
    press.keycode = x.xKeysymToKeycode (display, keysym);
    press.state = (key.shift ? ShiftMask : 0u) | (key.control ? ControlMask : 0u) | (key.alt ? Mod1Mask : 0u);
    if (press.keycode == 0)
        return;
    x.xSendEvent (display, press.window, True, key.down ? KeyPressMask : KeyReleaseMask, &event);
    x.xFlush (display);
}
#else
void sendToHost (juce::Component&, const ViewKey&) {}
#endif
} // namespace timbrefold
