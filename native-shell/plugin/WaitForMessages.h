// How JUCE's message thread of a plug-in waits on Linux: for whatever comes next, instead of looking every millisecond.
#pragma once

namespace timbrefold
{
/** Waits until a message or an event of the window system has come, or the thread has to look whether it shall end. Message thread. */
void waitForMessages();

/** Ends the waiting. Any thread. */
void endWaiting();
} // namespace timbrefold
