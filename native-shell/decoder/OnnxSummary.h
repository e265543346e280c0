// Looks into an ONNX file without running it, before ONNX Runtime sees it. The twin of plugin/model/onnx-summary.ts.
#pragma once

#include <cstdint>
#include <span>

namespace timbrefold
{
/**
 * Multiply-adds per row of the matrix products with constant weights (MatMul and Gemm) of an ONNX file.
 * @throws std::runtime_error whose message is a clause: damaged, external weights, operators that a bundle may not contain
 */
double rowMacs (std::span<const std::uint8_t> onnx);
} // namespace timbrefold
