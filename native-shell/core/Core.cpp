// The core's exports behind their typed door, each call guarded against a trap.
#include "Core.h"
#include "FloatEnvironment.h"
#include "core-module.h"
#include "wasm-rt.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <string>

namespace timbrefold
{
namespace
{
using namespace protocol;

/** Floats from one row to the next in the core's memory: the widest row, whatever the model. */
constexpr int rowStride = rowHeader + maxLatent;
/** Floats from one frame to the next in the staging area: the longest frame, whatever the model. */
constexpr int deliveryStride = frameHeader + maxFrame;
constexpr int deliveriesPerCall = stagingFloats / deliveryStride;

/** What is heard of an instance that trapped. */
constexpr std::array<float, maxBlock> silence {};
constexpr std::array<float, maxVoices * protocol::voiceReport> emptyReport {};

const char* sentenceOf (int trap) noexcept
{
    switch (trap)
    {
        case WASM_RT_TRAP_NONE: return nullptr;
        case WASM_RT_TRAP_OOB: return "The core reached outside its memory and was stopped; this instance is silent. Please report this as a bug.";
        case WASM_RT_TRAP_DIV_BY_ZERO: return "The core divided by zero and was stopped; this instance is silent. Please report this as a bug.";
        case WASM_RT_TRAP_INT_OVERFLOW:
        case WASM_RT_TRAP_INVALID_CONVERSION: return "The core met a number that no integer can hold and was stopped; this instance is silent. Please report this as a bug.";
        default: return "The core met a state that must not be and was stopped; this instance is silent. Please report this as a bug.";
    }
}
} // namespace

struct Core::Instance
{
    w2c_core module {};

    ~Instance() { wasm2c_core_free (&module); }
};

/** Runs `body (module)` in WebAssembly's floating-point environment; a trap in it, or one before it, gives `afterTrap`. */
template <typename Result, typename Body>
Result Core::guarded (Result afterTrap, Body body) const noexcept
{
    if (trapped.load (std::memory_order_relaxed) != WASM_RT_TRAP_NONE)
        return afterTrap;
    struct Call
    {
        w2c_core* module;
        Body& body;
        Result result;
    } call { &instance->module, body, afterTrap };
    const FloatEnvironment environment;
    const auto trap = wasm_rt_call (
        &instance->module.w2c_memory,
        [] (void* argument)
        {
            auto& inside = *static_cast<Call*> (argument);
            inside.result = inside.body (inside.module);
        },
        &call);
    if (trap == WASM_RT_TRAP_NONE)
        return call.result;
    trapped.store (trap, std::memory_order_relaxed);
    return afterTrap;
}

/** The same for what gives nothing back. */
template <typename Body>
void Core::perform (Body body) noexcept
{
    guarded (0,
             [body] (w2c_core* module)
             {
                 body (module);
                 return 0;
             });
}

Core::Core()
{
    instantiate();
}

Core::~Core() = default;

void Core::instantiate()
{
    instance = std::make_unique<Instance>();
    trapped.store (WASM_RT_TRAP_NONE, std::memory_order_relaxed);
    latentDim = 0;
    latentDims = {};
    frameSizes = {};
    const bool made = guarded (false,
                               [] (w2c_core* module)
                               {
                                   wasm2c_core_instantiate (module);
                                   return true;
                               });
    if (! made)
        throw std::runtime_error ("There is not enough address space for another instance of the core; close other instances or programs.");
    const auto version = static_cast<int> (guarded (u32 { 0 }, w2c_core_protocolVersion));
    if (version != protocolVersion)
        throw std::runtime_error ("core.wasm speaks protocol " + std::to_string (version) + ", this shell " + std::to_string (protocolVersion)
                                  + "; run \"npm run native\".");
    staging = at (guarded (u32 { 0 }, w2c_core_stagingPointer));
    requests = at (guarded (u32 { 0 }, w2c_core_requestsPointer));
    leftOut = at (guarded (u32 { 0 }, w2c_core_outputLeft));
    rightOut = at (guarded (u32 { 0 }, w2c_core_outputRight));
    report = at (guarded (u32 { 0 }, w2c_core_voiceReport));
}

float* Core::at (std::uint32_t pointer) const noexcept
{
    return reinterpret_cast<float*> (instance->module.w2c_memory.data + pointer);
}

void Core::prepare (float sampleRate, Options options)
{
    if (trap() != nullptr)
        instantiate();
    const auto refused = guarded (u32 { 0 },
                                  [=] (w2c_core* module)
                                  {
                                      w2c_core_setSeed (module, options.seed);
                                      w2c_core_setStrict (module, options.strict ? 1 : 0);
                                      return w2c_core_prepare (module, sampleRate);
                                  });
    if (refused != 0)
        throw std::invalid_argument ("The sample rate must lie between 22050 and 192000 Hz, not " + std::to_string (sampleRate) + ".");
}

void Core::reset() noexcept
{
    perform (w2c_core_reset);
}

void Core::setModel (const CoreModel& model, int slot)
{
    const auto dim = static_cast<std::size_t> (std::clamp (model.latentDim, 0, maxLatent));
    const auto fits = [dim] (const std::vector<float>& values) { return values.size() == dim; };
    const bool whole = model.latentDim > 0 && model.latentDim <= maxLatent && model.map.size() <= maxMapPoints && fits (model.mean) && fits (model.std)
                       && std::all_of (model.macros.begin(), model.macros.end(), fits)
                       && std::all_of (model.map.begin(), model.map.end(), [&] (const auto& point) { return fits (point.latent); })
                       && modelHeader + 10 * dim + model.map.size() * (2 + dim) <= stagingFloats;
    if (! whole || (slot != 0 && slot != 1))
        throw std::invalid_argument ("The core refused the model: its latents, macros or map do not fit its sizes or the limits in plugin/instrument/protocol.ts.");

    std::fill_n (staging, modelHeader, 0.0f);
    staging[protocol::model::latentDim] = static_cast<float> (model.latentDim);
    staging[protocol::model::partials] = static_cast<float> (model.partials);
    staging[protocol::model::noiseBands] = static_cast<float> (model.noiseBands);
    staging[protocol::model::frameSize] = static_cast<float> (model.frameSize);
    staging[protocol::model::partialOffset] = static_cast<float> (model.partialOffset);
    staging[protocol::model::noiseOffset] = static_cast<float> (model.noiseOffset);
    staging[protocol::model::centsOffset] = static_cast<float> (model.centsOffset);
    staging[protocol::model::inharmonicityOffset] = static_cast<float> (model.inharmonicityOffset);
    staging[protocol::model::maxSeconds] = model.maxSeconds;
    staging[protocol::model::sustainStart] = model.sustainStart;
    staging[protocol::model::sustainEnd] = model.sustainEnd;
    staging[protocol::model::pitchLow] = model.pitchLow;
    staging[protocol::model::pitchHigh] = model.pitchHigh;
    staging[protocol::model::interpolation] = model.interpolation == CoreModel::Interpolation::slerp ? 1.0f : 0.0f;
    staging[protocol::model::mapCount] = static_cast<float> (model.map.size());
    staging[protocol::model::latentDetail] = static_cast<float> (model.latentDetail);
    staging[protocol::model::detunesOffset] = static_cast<float> (model.detunesOffset);
    staging[protocol::model::detunes] = static_cast<float> (model.detunes);
    staging[protocol::model::vibratoOffset] = static_cast<float> (model.vibratoOffset);
    staging[protocol::model::releaseOffset] = static_cast<float> (model.releaseOffset);
    float* to = staging + modelHeader;
    const auto put = [&to] (const std::vector<float>& values) { to = std::copy (values.begin(), values.end(), to); };
    put (model.mean);
    put (model.std);
    for (const auto& macro : model.macros)
        put (macro);
    for (const auto& point : model.map)
    {
        *to++ = point.x;
        *to++ = point.y;
        put (point.latent);
    }
    if (guarded (u32 { 0 }, [=] (w2c_core* module) { return w2c_core_configureModel (module, static_cast<u32> (slot)); }) != 0)
        throw std::invalid_argument ("The core refused the model: a size, a column or a number in it lies outside the limits in plugin/instrument/protocol.ts.");
    latentDim = model.latentDim;
    latentDims[static_cast<std::size_t> (slot)] = model.latentDim;
    frameSizes[static_cast<std::size_t> (slot)] = model.frameSize;
}

void Core::putLatent (std::span<const float> latent)
{
    if (latent.size() != static_cast<std::size_t> (latentDim))
        throw std::invalid_argument ("A latent has " + std::to_string (latent.size()) + " numbers, the model " + std::to_string (latentDim) + ".");
    std::copy (latent.begin(), latent.end(), staging);
}

void Core::setSound (std::span<const float> latent, float mapX, float mapY)
{
    putLatent (latent);
    staging[latent.size()] = mapX;
    staging[latent.size() + 1] = mapY;
    perform (w2c_core_setSound);
}

void Core::setCorner (int corner, std::span<const float> latent)
{
    if (corner < 0 || corner > 3)
        throw std::invalid_argument ("The morph pad has corners 0 to 3, not " + std::to_string (corner) + ".");
    putLatent (latent);
    perform ([=] (w2c_core* module) { w2c_core_setCorner (module, static_cast<u32> (corner)); });
}

void Core::setTuning (std::span<const float> notes) noexcept
{
    for (std::size_t key = 0; key < tuningKeys; key++)
        staging[key] = notes.empty() ? static_cast<float> (key) : key < notes.size() ? notes[key] : std::numeric_limits<float>::quiet_NaN();
    perform (w2c_core_setTuning);
}

bool Core::setPath (std::span<const float> coordinates) noexcept
{
    const auto points = coordinates.size() / 2;
    if (coordinates.size() % 2 != 0 || points > maxPathPoints)
        return false;
    std::copy (coordinates.begin(), coordinates.end(), staging);
    return guarded (u32 { 1 }, [=] (w2c_core* module) { return w2c_core_setPath (module, static_cast<u32> (points)); }) == 0;
}

bool Core::event (int offset, int kind, int channel, int key, float value) noexcept
{
    return guarded (u32 { 0 },
                    [=] (w2c_core* module)
                    {
                        return w2c_core_pushEvent (
                            module, static_cast<u32> (offset), static_cast<u32> (kind), static_cast<u32> (channel), static_cast<u32> (key), value);
                    })
           != 0;
}

void Core::announceBlock (int frames) noexcept
{
    perform ([=] (w2c_core* module) { w2c_core_announceBlock (module, static_cast<u32> (frames)); });
}

int Core::process (int frames) noexcept
{
    const int silent = std::clamp (frames, 0, maxBlock);
    return guarded (silent, [=] (w2c_core* module) { return static_cast<int> (w2c_core_process (module, static_cast<u32> (frames))); });
}

int Core::silentSamples() const noexcept
{
    return static_cast<int> (guarded (u32 { maxBlock }, w2c_core_silentSamples));
}

const float* Core::left() const noexcept
{
    return trap() == nullptr ? leftOut : silence.data();
}

const float* Core::right() const noexcept
{
    return trap() == nullptr ? rightOut : silence.data();
}

int Core::requestCount() const noexcept
{
    return static_cast<int> (guarded (u32 { 0 }, w2c_core_requestCount));
}

int Core::rowSize() const noexcept
{
    return rowHeader + std::max (latentDims[0], latentDims[1]);
}

int Core::deliverySize() const noexcept
{
    return frameHeader + std::max (frameSizes[0], frameSizes[1]);
}

int Core::takeRequests (float* into, int limit, int size) noexcept
{
    const int count = std::min (requestCount(), limit);
    const auto floats = std::min (size, rowStride);
    for (int row = 0; row < count; row++)
        std::copy_n (requests + row * rowStride, floats, into + row * size);
    return guarded (0,
                    [=] (w2c_core* module)
                    {
                        w2c_core_clearRequests (module, static_cast<u32> (count));
                        return count;
                    });
}

void Core::deliver (const float* from, int count, int size) noexcept
{
    const auto floats = std::min (size, deliveryStride);
    for (int done = 0; done < count;)
    {
        const int now = std::min (deliveriesPerCall, count - done);
        for (int frame = 0; frame < now; frame++)
            std::copy_n (from + (done + frame) * size, floats, staging + frame * deliveryStride);
        perform ([=] (w2c_core* module) { w2c_core_deliver (module, static_cast<u32> (now)); });
        done += now;
    }
}

int Core::hopSize() const noexcept
{
    return static_cast<int> (guarded (u32 { 0 }, w2c_core_hopSize));
}

int Core::fftSize() const noexcept
{
    return static_cast<int> (guarded (u32 { 0 }, w2c_core_fftSize));
}

int Core::activeVoices() const noexcept
{
    return static_cast<int> (guarded (u32 { 0 }, w2c_core_activeVoices));
}

int Core::underruns() const noexcept
{
    return static_cast<int> (guarded (u32 { 0 }, w2c_core_underruns));
}

int Core::faults() const noexcept
{
    return static_cast<int> (guarded (u32 { 0 }, w2c_core_faults));
}

std::vector<float> Core::latent() const
{
    const auto pointer = guarded (u32 { 0 }, w2c_core_latentPointer);
    return pointer == 0 ? std::vector<float> (static_cast<std::size_t> (latentDim)) : std::vector<float> (at (pointer), at (pointer) + latentDim);
}

std::span<const float> Core::voiceReport() noexcept
{
    const auto pointer = guarded (u32 { 0 }, w2c_core_voiceReport);
    return { pointer == 0 ? emptyReport.data() : report, emptyReport.size() };
}

void Core::setSeed (std::uint32_t seed) noexcept
{
    perform ([=] (w2c_core* module) { w2c_core_setSeed (module, seed); });
}

std::span<float> Core::fftBuffer (std::size_t size) noexcept
{
    const auto pointer = guarded (u32 { 0 }, w2c_core_fftBuffer);
    return pointer == 0 ? std::span<float>() : std::span<float> (at (pointer), size);
}

std::span<const float> Core::fftForward (std::size_t size) noexcept
{
    const auto pointer = guarded (u32 { 0 },
                                  [=] (w2c_core* module) { return w2c_core_fftForward (module, static_cast<u32> (size)) == 0 ? w2c_core_fftSpectrum (module) : 0; });
    return pointer == 0 ? std::span<const float>() : std::span<const float> (at (pointer), size + 2);
}

const char* Core::trap() const noexcept
{
    return sentenceOf (trapped.load (std::memory_order_relaxed));
}
} // namespace timbrefold
