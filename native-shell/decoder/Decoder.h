// The Decoder port: request rows in, frames out. The twin of plugin/model/decoder.ts.
#pragma once

namespace timbrefold
{
class Decoder
{
public:
    virtual ~Decoder() = default;

    /** Latent dimensions a row carries behind its header. */
    virtual int latentDim() const noexcept = 0;

    /** Payload floats of a frame. */
    virtual int frameSize() const noexcept = 0;

    /**
     * Decodes `count` rows (each rowHeader + latentDim floats) into `count` frames (each frameHeader + frameSize floats, header copied from the row). What is
     * not finite becomes floorDb in levels and 0 elsewhere. Never on the audio thread, save when rendering offline; one caller at a time.
     * @throws std::runtime_error with a sentence
     */
    virtual void decode (const float* rows, int count, float* frames) = 0;
};
} // namespace timbrefold
