// Plays a score on an instrument, in real time or as fast as it goes, and reports what it cost.
#pragma once

#include <nlohmann/json.hpp>

namespace timbrefold::hosts
{
/**
 * Carries out one request:
 * { "lv2": { "bundle": folder of the plug-in or "" for all installed ones, "uri", "preset"?: URI } or "dssi": { "library", "bank", "program" } or
 *   "engine": { "bundle": a .timbre to play without a plug-in around it }, "sampleRate", "blocks": [samples per block, taken in turn], "seconds", "offline": bool,
 *   "settleSeconds"?: time the instrument gets before the score begins, "instances"?: how many are opened (the first plays),
 *   "stateIn"?, "stateOut"?: files of Turtle, "score": see Score.h, "audio"?: file for interleaved stereo floats, "keep"?: [[from, to] seconds that go there],
 *   "lateFrom"?: the second from which late frames count,
 *   "memoryEvery"?: seconds between two looks at the memory }
 * and answers with times in the units of their names. @throws std::runtime_error with a sentence
 */
nlohmann::json perform (const nlohmann::json& request);
} // namespace timbrefold::hosts
