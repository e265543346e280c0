// What this user keeps for every instance of the plug-in: presets as files, and what the UI asks to remember.
#pragma once

#include <juce_core/juce_core.h>
#include <string>
#include <vector>

namespace timbrefold
{
/** A file of the user's presets: its name is the id under which the UI knows it. */
struct PresetFile
{
    std::string id, text;
};

/** Any thread, one at a time. Other instances, in other processes too, may read and write the same folder. */
class UserFolder
{
public:
    /** Made when something is first written into it. */
    explicit UserFolder (juce::File folder);

    /** The folder of the user who runs this. */
    static UserFolder ofThisUser();

    /** Every preset that can be read, in the order of their names. */
    std::vector<PresetFile> presets() const;

    /**
     * Writes a preset under its id, or under a new one made from `name` where `id` is empty; whole or not at all. Returns the id.
     * @throws std::runtime_error with a sentence
     */
    std::string store (const std::string& id, const std::string& name, const std::string& text) const;

    /** Puts a preset into the system's waste bin, or away where there is none. @throws std::runtime_error with a sentence */
    void remove (const std::string& id) const;

    /** What the UI asked to remember, as JSON; empty before it did. */
    std::string remembered() const;
    /** @throws std::runtime_error with a sentence */
    void remember (const std::string& json) const;

private:
    juce::File presetFile (const std::string& id) const;

    juce::File folder;
};
} // namespace timbrefold
