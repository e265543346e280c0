// Linux only. The sources are JUCE's own: its queue of messages and its connection to the window system.
#include "WaitForMessages.h"

#include <juce_events/juce_events.h>
#include <juce_events/native/juce_EventLoopInternal_linux.h>

#include <poll.h>
#include <vector>

namespace timbrefold
{
void waitForMessages()
{
    constexpr int longestMs = 1000;
    std::vector<pollfd> sources;
    for (const int source : juce::LinuxEventLoopInternal::getRegisteredFds())
        sources.push_back ({ .fd = source, .events = POLLIN, .revents = 0 });
    poll (sources.data(), static_cast<nfds_t> (sources.size()), longestMs);
}

void endWaiting()
{
    juce::MessageManager::callAsync ([] {});
}
} // namespace timbrefold
