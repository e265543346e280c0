// Packs rows into batches of named tensors over buffers of its own, and checks what comes back.
#include "OnnxDecoder.h"
#include "OnnxRuntime.h"
#include "generated/protocol.h"

#include <algorithm>
#include <cmath>
#include <onnxruntime_cxx_api.h>

namespace timbrefold
{
namespace
{
/** Rows of the trial run by which a model is admitted. */
constexpr int trialRows = 32;

constexpr std::array inputNames { "z", "pitch", "velocity", "tau" };
constexpr std::array outputNames { "frame" };

/** ONNX Runtime's environment, one for the process. */
Ort::Env& environment()
{
    static Ort::Env shared (ORT_LOGGING_LEVEL_FATAL, "timbrefold");
    return shared;
}

Ort::Session sessionOf (const Bytes& graph)
{
    openOnnxRuntime();
    Ort::SessionOptions options;
    options.SetIntraOpNumThreads (1);
    options.SetInterOpNumThreads (1);
    options.SetExecutionMode (ORT_SEQUENTIAL);
    options.SetGraphOptimizationLevel (ORT_ENABLE_ALL);
    options.SetLogSeverityLevel (ORT_LOGGING_LEVEL_FATAL);
    // Spinning threads would take time from the audio thread.
    options.AddConfigEntry ("session.intra_op.allow_spinning", "0");
    return Ort::Session (environment(), graph.data(), graph.size(), options);
}

class OnnxSession : public DecoderSession
{
public:
    explicit OnnxSession (const Bundle& bundle)
        : dim (bundle.model.latentDim), size (bundle.model.frameSize), batch (bundle.batchFrames), neutral (bundle.neutral), session (sessionOf (bundle.decoderGraph))
    {
        checkTensors();
    }

    const int dim, size, batch;
    const std::vector<float> neutral;
    /** ONNX Runtime lets any number of threads run one session at a time; only the C++ wrapper is not const. */
    mutable Ort::Session session;

private:
    /** Compares what the graph really takes and gives with the contract; a symbolic axis stands for the batch. */
    void checkTensors() const
    {
        const auto check = [] (const std::string& name, const Ort::TypeInfo& type, std::vector<std::int64_t> wanted)
        {
            if (type.GetONNXType() != ONNX_TYPE_TENSOR || type.GetTensorTypeAndShapeInfo().GetElementType() != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT)
                throw std::runtime_error ("\"" + name + "\" of its decoder is not a float32 tensor");
            if (type.GetTensorTypeAndShapeInfo().GetShape() != wanted)
                throw std::runtime_error ("\"" + name + "\" of its decoder has a shape other than the contract's");
        };
        if (session.GetInputCount() != inputNames.size() || session.GetOutputCount() != outputNames.size())
            throw std::runtime_error ("its decoder has not the inputs and outputs of the contract");
        const Ort::AllocatorWithDefaultOptions allocator;
        for (std::size_t i = 0; i < inputNames.size(); i++)
        {
            const std::string name (session.GetInputNameAllocated (i, allocator).get());
            if (std::find (inputNames.begin(), inputNames.end(), name) == inputNames.end())
                throw std::runtime_error ("its decoder has an input \"" + name + "\" that the contract does not know");
            check (name, session.GetInputTypeInfo (i), name == "z" ? std::vector<std::int64_t> { -1, dim } : std::vector<std::int64_t> { -1 });
        }
        if (const std::string name (session.GetOutputNameAllocated (0, allocator).get()); name != outputNames[0])
            throw std::runtime_error ("its decoder gives \"" + name + "\", not \"frame\"");
        check (outputNames[0], session.GetOutputTypeInfo (0), { -1, size });
    }
};

class OnnxDecoder : public Decoder
{
public:
    explicit OnnxDecoder (std::shared_ptr<const OnnxSession> itsSession)
        : shared (std::move (itsSession)), dim (shared->dim), size (shared->size), batch (shared->batch), z (length (batch * dim)), pitch (length (batch)),
          velocity (length (batch)), tau (length (batch)), frame (length (batch * size))
    {
    }

    int latentDim() const noexcept override { return dim; }
    int frameSize() const noexcept override { return size; }

    void decode (const float* rows, int count, float* frames) override
    {
        for (int first = 0; first < count; first += batch)
        {
            const int now = std::min (batch, count - first);
            decodeBatch (rows + first * rowSize(), now);
            unpack (rows + first * rowSize(), now, frames + first * (protocol::frameHeader + size));
        }
    }

    /** Decodes the prior's middle and its surroundings over pitch and time. @throws std::runtime_error where a number is not finite */
    void trial (const CoreModel& model)
    {
        std::vector<float> rows (length (trialRows * rowSize()));
        const int groups = std::min (dim, trialRows - 1);
        for (int i = 0; i < trialRows; i++)
        {
            float* row = rows.data() + i * rowSize();
            row[protocol::row::pitch] = model.pitchLow + static_cast<float> (i) / (trialRows - 1) * (model.pitchHigh - model.pitchLow);
            row[protocol::row::velocity] = static_cast<float> (i % 4) / 3;
            row[protocol::row::tau] = static_cast<float> ((i * 7) % trialRows) * model.maxSeconds / trialRows;
            // The middle first, then the latents in turn two deviations out (of many, some at a time), so that a bad weight behind any of them shows.
            for (int k = 0; k < dim; k++)
            {
                const auto at = static_cast<std::size_t> (k);
                const float out = i > 0 && i % groups == k % groups ? (i % 2 == 0 ? 2.0f : -2.0f) : 0.0f;
                row[protocol::row::z + k] = model.mean[at] + out * model.std[at];
            }
        }
        for (int first = 0; first < trialRows; first += batch)
        {
            const int now = std::min (batch, trialRows - first);
            decodeBatch (rows.data() + first * rowSize(), now);
            if (! std::all_of (frame.begin(), frame.begin() + now * size, [] (float value) { return std::isfinite (value); }))
                throw std::runtime_error ("in a trial run its decoder gave a number that is not finite");
        }
    }

private:
    static std::size_t length (int count) { return static_cast<std::size_t> (count); }
    int rowSize() const noexcept { return protocol::rowHeader + dim; }

    /** The raw output for `count` rows, at most `batch`, into `frame`. */
    void decodeBatch (const float* rows, int count)
    {
        for (int i = 0; i < count; i++)
        {
            const float* row = rows + i * rowSize();
            const auto at = length (i);
            pitch[at] = row[protocol::row::pitch];
            velocity[at] = row[protocol::row::velocity];
            tau[at] = row[protocol::row::tau];
            std::copy_n (row + protocol::row::z, dim, z.begin() + i * dim);
        }
        const auto memory = Ort::MemoryInfo::CreateCpu (OrtArenaAllocator, OrtMemTypeDefault);
        const std::array<std::int64_t, 1> flat { count };
        const std::array<std::int64_t, 2> wide { count, dim };
        const std::array<std::int64_t, 2> frames { count, size };
        const auto tensor = [&memory] (std::vector<float>& data, int floats, const auto& shape)
        { return Ort::Value::CreateTensor<float> (memory, data.data(), length (floats), shape.data(), shape.size()); };
        const std::array<Ort::Value, 4> inputs { tensor (z, count * dim, wide), tensor (pitch, count, flat), tensor (velocity, count, flat), tensor (tau, count, flat) };
        std::array<Ort::Value, 1> outputs { tensor (frame, count * size, frames) };
        shared->session.Run (Ort::RunOptions { nullptr }, inputNames.data(), inputs.data(), inputs.size(), outputNames.data(), outputs.data(), outputs.size());
    }

    /** Copies each row's header and its frame to `frames`. */
    void unpack (const float* rows, int count, float* frames) const
    {
        for (int i = 0; i < count; i++)
        {
            float* to = std::copy_n (rows + i * rowSize(), protocol::frameHeader, frames + i * (protocol::frameHeader + size));
            for (int k = 0; k < size; k++)
            {
                const float value = frame[length (i * size + k)];
                to[k] = std::isfinite (value) ? value : shared->neutral[length (k)];
            }
        }
    }

    const std::shared_ptr<const OnnxSession> shared;
    const int dim, size, batch;
    std::vector<float> z, pitch, velocity, tau, frame;
};
} // namespace

std::unique_ptr<Decoder> DecoderSession::decoderOf (std::shared_ptr<const DecoderSession> session)
{
    return std::make_unique<OnnxDecoder> (std::static_pointer_cast<const OnnxSession> (std::move (session)));
}

std::shared_ptr<const DecoderSession> openSession (const Bundle& bundle)
{
    try
    {
        auto session = std::make_shared<const OnnxSession> (bundle);
        OnnxDecoder (session).trial (bundle.model);
        return session;
    }
    catch (const std::exception& error)
    {
        const std::string message (error.what());
        throw BundleError ("The model " + bundle.name + " was refused: " + message.substr (0, message.find ('\n')) + ".");
    }
}
} // namespace timbrefold
