// Repeats, on a native core, the calls that test/native/transcript.ts wrote down in V8, and compares every answer to the bit.
#pragma once

#include "Core.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace timbrefold::tests
{
/** A transcript on its way through a core of its own. */
class Replay
{
public:
    /** @throws std::runtime_error where the file is no transcript. */
    explicit Replay (const std::filesystem::path& file);

    /** Repeats the next call; false at the end, and from the first difference on. */
    bool step();

    /** Repeats all that is left. */
    void run()
    {
        while (step())
            ;
    }

    /** The first answer that differs, as a sentence; empty while there was none. */
    const std::string& difference() const { return differing; }

    /** The loudest sample so far: a transcript of silence proves nothing. */
    float peak() const { return loudest; }

    /** Samples and rows compared so far. */
    std::size_t samples() const { return comparedSamples; }
    std::size_t rows() const { return comparedRows; }

    Core core;

private:
    std::int32_t integer();
    float number();
    std::vector<float> numbers (std::size_t count);
    CoreModel model();
    void same (const char* what, std::int64_t expected, std::int64_t found);
    void same (const char* what, const std::vector<float>& expected, const float* found);

    std::vector<std::uint32_t> words;
    std::size_t at = 0;
    bool ended = false;
    std::size_t calls = 0;
    std::size_t comparedSamples = 0, comparedRows = 0;
    float loudest = 0;
    std::string differing;
    std::vector<float> taken;
};

/** Where the transcripts lie, and their names without ending, in order. */
std::filesystem::path transcriptFolder();
std::vector<std::string> transcriptNames();

/** Opens a transcript by its name. */
inline std::unique_ptr<Replay> replayOf (const std::string& name)
{
    return std::make_unique<Replay> (transcriptFolder() / (name + ".transcript"));
}
} // namespace timbrefold::tests
