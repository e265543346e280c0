// A session's state: the sound with its preset, every value, the morph corners, the model it belongs to. The twin of plugin/instrument/session.ts, and what a plug-in adds.
#pragma once

#include "ParameterValues.h"
#include "Preset.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace timbrefold
{
/** What stands in a corner of the morph pad. */
struct CornerSound
{
    std::string name;
    std::vector<float> latent;
};

/** Where every key sounds, as MIDI notes; NaN for a key that does not. */
struct Tuning
{
    std::string name;
    std::array<float, 128> notes {};
};

/** The controller that moves each parameter (MIDI learn), -1 for none. */
using Controllers = std::array<int, parameters.size()>;

inline Controllers noControllers()
{
    Controllers none;
    none.fill (-1);
    return none;
}

struct Session
{
    Preset preset;
    ParameterValues::Table values = ParameterValues::defaults();
    /** Values of parameters that this version does not know, given back as they were. */
    Json otherValues = Json::object();
    std::array<CornerSound, 4> corners;
    /** Name of the model, for a sentence where it is missing; its identity is the preset's. */
    std::string modelName;
    std::vector<float> path;
    std::optional<Tuning> tuning;
    Controllers controllers = noControllers();
    /** What faces keep with it (JSON by name), and whether the state carries the model's bundle. */
    Json kept = Json::object();
    bool embedsModel = false;
    std::vector<std::uint8_t> embedded;
    /** Fields that this version does not know, given back as they were. */
    Json others = Json::object();
};

/** Bytes of a state, at most: the largest bundle as base64, and room for the rest. */
inline constexpr std::size_t maxStateBytes = std::size_t { 90 } << 20;

/** A state that was read, or why it was not. */
struct ReadSession
{
    std::optional<Session> session;
    /** For the musician, where there is no session. */
    std::string sentence;
    /** It is a state of Timbrefold all the same, of a newer version or damaged: to be given back byte for byte rather than lost. */
    bool keep = false;
};

/** Reads a state of any known version. Never throws; never on the audio thread. */
ReadSession readSession (std::string_view bytes);

/** A sound as faces hand it back for undo and A/B: preset, values, corners, path. @throws PresetError */
Session readSound (const Json& json);

/** The preset, values, corners and path of a session, as readSound takes them. */
nlohmann::ordered_json soundJson (const Session& session);

/** The text of a state. */
std::string writeSession (const Session& session);

nlohmann::ordered_json cornersJson (const std::array<CornerSound, 4>& corners);
nlohmann::ordered_json tuningJson (const std::optional<Tuning>& tuning);
nlohmann::ordered_json pathJson (const std::vector<float>& path);
/** Every parameter's plain value by id. */
nlohmann::ordered_json valuesJson (const ParameterValues::Table& values);
/** Controller number by parameter id. */
nlohmann::ordered_json controllersJson (const Controllers& controllers);

/** A corner's sound. @throws JsonPlace::Clause */
CornerSound readCorner (const JsonPlace& place, std::size_t latentDim);
/** At most 256 places. @throws JsonPlace::Clause */
std::vector<float> readPath (const JsonPlace& place);
/** @throws JsonPlace::Clause */
Tuning readTuning (const JsonPlace& place);
} // namespace timbrefold
