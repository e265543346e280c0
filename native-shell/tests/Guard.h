// Watches one thread of a process of its own: what it allocates, locks or asks of the kernel between `enter` and `leave` is a breach.
#pragma once

#include <functional>
#include <string>

namespace timbrefold::tests::guard
{
/** Runs `body` in a child process and says what was breached there, in sentences; empty where nothing was. A child that crashes is a breach, too. */
std::string breaches (const std::function<void()>& body);

/** From here on the calling thread is watched. Once in a process. */
void enter();

/** The end of it; the thread still cannot call the kernel, but that is not counted any more. */
void leave();
} // namespace timbrefold::tests::guard
