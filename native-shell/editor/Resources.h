// The files of the view, packed inside the plug-in (dist/editor.zip): what a server would be to a page.
#pragma once

#include <cstddef>
#include <juce_core/juce_core.h>
#include <optional>
#include <vector>

namespace timbrefold
{
struct ViewFile
{
    std::vector<std::byte> bytes;
    juce::String mime;
};

/** MIME type by a file's ending; browsers refuse modules, style sheets and WebAssembly of any other. */
juce::String mimeOf (const juce::String& path);

/** The file that the view asks for by `path` ("/" is the page itself), or none. Any thread. */
std::optional<ViewFile> viewFile (const juce::String& path);
} // namespace timbrefold
