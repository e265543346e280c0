// One thread throughout, which is message thread and audio thread in one.
#include "EngineInstance.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace timbrefold::hosts
{
namespace
{
std::vector<std::uint8_t> bytesOf (const std::string& path)
{
    std::ifstream file (path, std::ios::binary);
    if (! file)
        throw std::runtime_error (path + " cannot be read.");
    return { std::istreambuf_iterator<char> (file), {} };
}
} // namespace

EngineInstance::EngineInstance (const std::string& bundle, double sampleRate, int maxBlock)
    : factory (bytesOf (bundle)), inner ({ factory, {} }), rate (sampleRate), leftOut (static_cast<std::size_t> (maxBlock)), rightOut (leftOut.size())
{
    inner.prepare (rate, false);
}

void EngineInstance::setFreeWheeling (bool freeWheeling)
{
    inner.prepare (rate, freeWheeling);
}

void EngineInstance::midi (int offset, std::span<const std::uint8_t> message)
{
    auto& next = waiting.emplace_back (Message { offset, {} });
    std::copy_n (message.begin(), std::min (message.size(), next.bytes.size()), next.bytes.begin());
}

void EngineInstance::move (int, const std::string& parameter, float plain)
{
    const int index = findParameter (parameter);
    if (index < 0)
        throw std::runtime_error ("There is no parameter \"" + parameter + "\".");
    inner.automate (index, toNormalised (parameters[static_cast<std::size_t> (index)], plain));
}

void EngineInstance::run (int frames)
{
    auto& player = inner.player();
    player.begin (leftOut.data(), rightOut.data(), frames);
    for (const auto& [offset, bytes] : waiting)
        player.midi (offset, bytes[0], bytes[1], bytes[2]);
    player.end();
    waiting.clear();
}
} // namespace timbrefold::hosts
