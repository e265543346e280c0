// One thread throughout: what a plug-in hands its worker is done between blocks.
#include "Lv2Instance.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <lv2/atom/util.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/parameters/parameters.h>
#include <lv2/patch/patch.h>
#include <lv2/presets/presets.h>
#include <stdexcept>

namespace timbrefold::hosts
{
namespace
{
struct NodeFree
{
    void operator() (LilvNode* node) const { lilv_node_free (node); }
};
using Node = std::unique_ptr<LilvNode, NodeFree>;

Node uriNode (LilvWorld* world, const char* uri)
{
    return Node (lilv_new_uri (world, uri));
}

struct StateFree
{
    void operator() (LilvState* state) const { lilv_state_free (state); }
};
using State = std::unique_ptr<LilvState, StateFree>;
} // namespace

LV2_URID Urids::map (const std::string& uri)
{
    const auto [at, isNew] = numbers.try_emplace (uri, static_cast<LV2_URID> (names.size() + 1));
    if (isNew)
        names.push_back (uri);
    return at->second;
}

const char* Urids::unmap (LV2_URID urid) const
{
    return urid == 0 || urid > names.size() ? nullptr : names[urid - 1].c_str();
}

Lv2World::Lv2World (const std::string& bundle)
{
    if (bundle.empty())
    {
        lilv_world_load_all (world);
        return;
    }
    lilv_world_load_specifications (world);
    const Node folder (lilv_new_file_uri (world, nullptr, (bundle + "/").c_str()));
    lilv_world_load_bundle (world, folder.get());
}

const LilvPlugin* Lv2World::find (const std::string& uri) const
{
    const auto node = uriNode (world, uri.c_str());
    const auto* const plugin = lilv_plugins_get_by_uri (lilv_world_get_all_plugins (world), node.get());
    if (plugin == nullptr)
        throw std::runtime_error ("There is no LV2 plug-in " + uri + ".");
    return plugin;
}

Lv2Instance::Lv2Instance (Lv2World& itsWorld, const LilvPlugin* itsPlugin, double rate, int itsMaxBlock)
    : world (itsWorld), plugin (itsPlugin), uri (lilv_node_as_uri (lilv_plugin_get_uri (plugin))), sampleRate (static_cast<float> (rate)), maxBlock (itsMaxBlock),
      atomInt (world.urids.map (LV2_ATOM__Int)), atomFloat (world.urids.map (LV2_ATOM__Float)), atomSequence (world.urids.map (LV2_ATOM__Sequence)),
      midiEvent (world.urids.map (LV2_MIDI__MidiEvent)), patchSet (world.urids.map (LV2_PATCH__Set)), patchProperty (world.urids.map (LV2_PATCH__property)),
      patchValue (world.urids.map (LV2_PATCH__value))
{
    static constexpr std::int32_t shortest = 1;
    const auto option = [this] (const char* key, LV2_URID type, const void* value)
    { options.push_back ({ LV2_OPTIONS_INSTANCE, 0, world.urids.map (key), sizeof (std::int32_t), type, value }); };
    option (LV2_BUF_SIZE__minBlockLength, atomInt, &shortest);
    option (LV2_BUF_SIZE__maxBlockLength, atomInt, &maxBlock);
    option (LV2_BUF_SIZE__nominalBlockLength, atomInt, &maxBlock);
    option (LV2_BUF_SIZE__sequenceSize, atomInt, &sequenceBytes);
    option (LV2_PARAMETERS__sampleRate, atomFloat, &sampleRate);
    options.push_back ({ LV2_OPTIONS_INSTANCE, 0, 0, 0, 0, nullptr });
    features = { { LV2_URID__map, &world.urids.mapFeature },
                 { LV2_URID__unmap, &world.urids.unmapFeature },
                 { LV2_OPTIONS__options, options.data() },
                 { LV2_BUF_SIZE__boundedBlockLength, nullptr },
                 { LV2_WORKER__schedule, &scheduleFeature } };
    for (const auto& feature : features)
        featureList.push_back (&feature);
    featureList.push_back (nullptr);

    instance = lilv_plugin_instantiate (plugin, rate, featureList.data());
    if (instance == nullptr)
        throw std::runtime_error (uri + " could not be instantiated.");

    const auto isA = [this, plug = plugin] (const LilvPort* port, const char* kind) { return lilv_port_is_a (plug, port, uriNode (world.world, kind).get()); };
    const auto portOf = [this] (const char* designation)
    {
        const auto* const port = lilv_plugin_get_port_by_designation (plugin, uriNode (world.world, LV2_CORE__InputPort).get(), uriNode (world.world, designation).get());
        return port == nullptr ? -1 : static_cast<int> (lilv_port_get_index (plugin, port));
    };
    const auto count = lilv_plugin_get_num_ports (plugin);
    controls.resize (count);
    std::vector<float> initial (count);
    lilv_plugin_get_port_ranges_float (plugin, nullptr, nullptr, initial.data());
    for (std::uint32_t i = 0; i < count; i++)
    {
        const auto* const port = lilv_plugin_get_port_by_index (plugin, i);
        const bool isInput = isA (port, LV2_CORE__InputPort);
        if (isA (port, LV2_CORE__AudioPort))
        {
            auto& buffers = isInput ? inputs : outputs;
            buffers.emplace_back (static_cast<std::size_t> (maxBlock));
            lilv_instance_connect_port (instance, i, buffers.back().data());
        }
        else if (isA (port, LV2_ATOM__AtomPort))
        {
            auto& memory = sequences[i];
            memory.resize (static_cast<std::size_t> (sequenceBytes) / sizeof (std::uint64_t));
            lilv_instance_connect_port (instance, i, memory.data());
            if (isInput && midiPort < 0 && lilv_port_supports_event (plugin, port, uriNode (world.world, LV2_MIDI__MidiEvent).get()))
                midiPort = static_cast<int> (i);
        }
        else if (isA (port, LV2_CORE__ControlPort))
        {
            controls[i] = initial[i];
            lilv_instance_connect_port (instance, i, &controls[i]);
        }
        else
            lilv_instance_connect_port (instance, i, nullptr);
    }
    if (outputs.empty() || midiPort < 0)
    {
        lilv_instance_free (instance);
        throw std::runtime_error (uri + " is no instrument: it takes no MIDI or gives no sound.");
    }
    freeWheelPort = portOf (LV2_CORE__freeWheeling);
    if (lilv_plugin_has_latency (plugin))
        latencyPort = static_cast<int> (lilv_plugin_get_latency_port_index (plugin));
    lilv_instance_activate (instance);
}

Lv2Instance::~Lv2Instance()
{
    lilv_instance_deactivate (instance);
    lilv_instance_free (instance);
}

void Lv2Instance::setFreeWheeling (bool freeWheeling)
{
    if (freeWheelPort >= 0)
        controls[static_cast<std::size_t> (freeWheelPort)] = freeWheeling ? 1.0f : 0.0f;
}

void Lv2Instance::queue (int offset, LV2_URID type, std::span<const std::uint8_t> body)
{
    waiting.push_back ({ offset, type, { body.begin(), body.end() } });
}

void Lv2Instance::midi (int offset, std::span<const std::uint8_t> message)
{
    queue (offset, midiEvent, message);
}

void Lv2Instance::move (int offset, const std::string& parameter, float plain)
{
    alignas (8) std::array<std::uint8_t, 256> body {};
    LV2_Atom_Forge forge;
    lv2_atom_forge_init (&forge, &world.urids.mapFeature);
    lv2_atom_forge_set_buffer (&forge, body.data(), body.size());
    LV2_Atom_Forge_Frame object;
    lv2_atom_forge_object (&forge, &object, 0, patchSet);
    lv2_atom_forge_key (&forge, patchProperty);
    lv2_atom_forge_urid (&forge, world.urids.map (uri + ":" + parameter));
    lv2_atom_forge_key (&forge, patchValue);
    lv2_atom_forge_float (&forge, plain);
    lv2_atom_forge_pop (&forge, &object);
    const auto* const atom = reinterpret_cast<const LV2_Atom*> (body.data());
    queue (offset, atom->type, { body.data() + sizeof (LV2_Atom), atom->size });
}

/** The waiting events as a sequence at the MIDI port; room for what the plug-in says at the others. */
void Lv2Instance::writeSequence()
{
    for (auto& [port, memory] : sequences)
    {
        auto* const sequence = reinterpret_cast<LV2_Atom_Sequence*> (memory.data());
        const bool isOurs = static_cast<int> (port) == midiPort;
        sequence->atom.type = atomSequence;
        sequence->atom.size = static_cast<std::uint32_t> (isOurs ? sizeof (LV2_Atom_Sequence_Body) : static_cast<std::size_t> (sequenceBytes) - sizeof (LV2_Atom));
        sequence->body = {};
        if (! isOurs)
            continue;
        for (const auto& event : waiting)
        {
            const auto bytes = static_cast<std::uint32_t> (event.body.size());
            const auto end = sizeof (LV2_Atom) + sequence->atom.size;
            if (end + sizeof (LV2_Atom_Event) + bytes + 8 > static_cast<std::uint32_t> (sequenceBytes))
                throw std::runtime_error ("A block has more events than this host hands over at once.");
            auto* const at = reinterpret_cast<LV2_Atom_Event*> (reinterpret_cast<std::uint8_t*> (sequence) + end);
            at->time.frames = event.offset;
            at->body = { bytes, event.type };
            std::memcpy (at + 1, event.body.data(), bytes);
            sequence->atom.size += static_cast<std::uint32_t> (sizeof (LV2_Atom_Event)) + lv2_atom_pad_size (bytes);
        }
    }
    waiting.clear();
}

void Lv2Instance::run (int frames)
{
    writeSequence();
    lilv_instance_run (instance, static_cast<std::uint32_t> (frames));
    if (! jobs.empty())
        work();
}

LV2_Worker_Status Lv2Instance::schedule (LV2_Worker_Schedule_Handle self, std::uint32_t size, const void* data)
{
    const auto* const bytes = static_cast<const std::uint8_t*> (data);
    static_cast<Lv2Instance*> (self)->jobs.emplace_back (bytes, bytes + size);
    return LV2_WORKER_SUCCESS;
}

void Lv2Instance::work()
{
    const auto* const worker = static_cast<const LV2_Worker_Interface*> (lilv_instance_get_extension_data (instance, LV2_WORKER__interface));
    std::vector<std::vector<std::uint8_t>> answers;
    const auto respond = [] (LV2_Worker_Respond_Handle to, std::uint32_t size, const void* data)
    {
        const auto* const bytes = static_cast<const std::uint8_t*> (data);
        static_cast<std::vector<std::vector<std::uint8_t>>*> (to)->emplace_back (bytes, bytes + size);
        return LV2_WORKER_SUCCESS;
    };
    for (; ! jobs.empty() && worker != nullptr; jobs.pop_front())
        worker->work (lilv_instance_get_handle (instance), respond, &answers, static_cast<std::uint32_t> (jobs.front().size()), jobs.front().data());
    for (const auto& answer : answers)
        if (worker->work_response != nullptr)
            worker->work_response (lilv_instance_get_handle (instance), static_cast<std::uint32_t> (answer.size()), answer.data());
}

std::string Lv2Instance::saveState()
{
    const State state (lilv_state_new_from_instance (
        plugin, instance, &world.urids.mapFeature, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE, featureList.data()));
    if (state == nullptr)
        throw std::runtime_error (uri + " gave no state.");
    char* const text = lilv_state_to_string (world.world, &world.urids.mapFeature, &world.urids.unmapFeature, state.get(), "urn:timbrefold:host:state", nullptr);
    const std::string turtle (text == nullptr ? "" : text);
    lilv_free (text);
    return turtle;
}

void Lv2Instance::restore (const LilvState* state)
{
    const auto setPort = [] (const char* symbol, void* self, const void* value, std::uint32_t size, std::uint32_t type)
    {
        auto& host = *static_cast<Lv2Instance*> (self);
        const Node name (lilv_new_string (host.world.world, symbol));
        const auto* const port = lilv_plugin_get_port_by_symbol (host.plugin, name.get());
        if (port != nullptr && type == host.atomFloat && size == sizeof (float))
            std::memcpy (&host.controls[lilv_port_get_index (host.plugin, port)], value, size);
    };
    lilv_state_restore (state, instance, setPort, this, 0, featureList.data());
}

void Lv2Instance::restoreState (const std::string& turtle)
{
    const State state (lilv_state_new_from_string (world.world, &world.urids.mapFeature, turtle.c_str()));
    if (state == nullptr)
        throw std::runtime_error ("The state cannot be read.");
    restore (state.get());
}

void Lv2Instance::loadPreset (const std::string& presetUri)
{
    const auto node = uriNode (world.world, presetUri.c_str());
    lilv_world_load_resource (world.world, node.get());
    const State state (lilv_state_new_from_world (world.world, &world.urids.mapFeature, node.get()));
    if (state == nullptr)
        throw std::runtime_error ("There is no preset " + presetUri + ".");
    restore (state.get());
}
} // namespace timbrefold::hosts
