// Files are replaced by renaming, so that nobody ever reads half of one.
#include "UserFolder.h"

#include <algorithm>
#include <stdexcept>

namespace timbrefold
{
namespace
{
/** Bytes of a preset or of what is remembered, at most; what is larger is not ours. */
constexpr juce::int64 longest = 1 << 20;
constexpr const char* ending = ".json";

void write (const juce::File& file, const std::string& text)
{
    const auto result = file.getParentDirectory().createDirectory();
    if (result.failed() || ! file.replaceWithData (text.data(), text.size()))
        throw std::runtime_error ((file.getFullPathName() + " could not be written; see that the folder may be written to and its disk has room.").toStdString());
}

std::string read (const juce::File& file)
{
    return file.existsAsFile() && file.getSize() <= longest ? file.loadFileAsString().toStdString() : std::string();
}
} // namespace

UserFolder::UserFolder (juce::File folderToUse) : folder (std::move (folderToUse)) {}

UserFolder UserFolder::ofThisUser()
{
   #if JUCE_LINUX || JUCE_BSD
    const auto data = juce::SystemStats::getEnvironmentVariable ("XDG_DATA_HOME", {});
    const auto home = juce::File::getSpecialLocation (juce::File::userHomeDirectory);
    return UserFolder ((juce::File::isAbsolutePath (data) ? juce::File (data) : home.getChildFile (".local/share")).getChildFile ("timbrefold"));
   #else
    return UserFolder (juce::File::getSpecialLocation (juce::File::userApplicationDataDirectory).getChildFile ("Timbrefold"));
   #endif
}

std::vector<PresetFile> UserFolder::presets() const
{
    std::vector<PresetFile> found;
    for (const auto& file : folder.getChildFile ("presets").findChildFiles (juce::File::findFiles, false, juce::String ("*") + ending))
        if (auto text = read (file); ! text.empty())
            found.push_back ({ file.getFileName().toStdString(), std::move (text) });
    std::sort (found.begin(), found.end(), [] (const PresetFile& a, const PresetFile& b) { return a.id < b.id; });
    return found;
}

juce::File UserFolder::presetFile (const std::string& id) const
{
    const auto name = juce::String::fromUTF8 (id.c_str());
    // An id comes from the view and never leads out of the folder.
    if (name.isEmpty() || name != juce::File::createLegalFileName (name) || name.startsWithChar ('.') || ! name.endsWith (ending))
        throw std::runtime_error ("There is no preset called \"" + id + "\".");
    return folder.getChildFile ("presets").getChildFile (name);
}

std::string UserFolder::store (const std::string& id, const std::string& name, const std::string& text) const
{
    if (! id.empty())
    {
        write (presetFile (id), text);
        return id;
    }
    const auto legal = juce::File::createLegalFileName (juce::String::fromUTF8 (name.c_str())).trimCharactersAtStart (". ").trimEnd().substring (0, 100);
    const auto presets = folder.getChildFile ("presets");
    const auto file = presets.getNonexistentChildFile (legal.isEmpty() ? "Preset" : legal, ending, false);
    write (file, text);
    return file.getFileName().toStdString();
}

void UserFolder::remove (const std::string& id) const
{
    const auto file = presetFile (id);
    if (file.existsAsFile() && ! file.moveToTrash() && ! file.deleteFile())
        throw std::runtime_error ((file.getFullPathName() + " could not be removed; see that its folder may be written to.").toStdString());
}

std::string UserFolder::remembered() const
{
    return read (folder.getChildFile ("face.json"));
}

void UserFolder::remember (const std::string& json) const
{
    write (folder.getChildFile ("face.json"), json);
}
} // namespace timbrefold
