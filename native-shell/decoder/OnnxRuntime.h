// ONNX Runtime's door. The library travels beside the binary that uses it, under a name of its own, and is opened by hand.
#pragma once

namespace timbrefold
{
/**
 * Opens the ONNX Runtime that lies beside this binary, once for the process; later calls cost nothing. Call it before anything of namespace Ort.
 * A host, or another plug-in, may have loaded an ONNX Runtime of its own, of any version: neither it nor ours meets the other's symbols.
 * Never on the audio thread. @throws std::runtime_error with a sentence where the library is missing or too old
 */
void openOnnxRuntime();
} // namespace timbrefold
