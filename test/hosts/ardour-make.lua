-- Makes a session with the instrument on a MIDI track, its output in the master, one parameter automated:
--   ardour7-lua ardour-make.lua FOLDER PLUGIN-TYPE PARAMETER FROM:TO SECONDS   (parameter values in the plug-in's own scale)
-- The MIDI region is put into the session's file afterwards: Ardour's Lua cannot make one.
local folder, kind, wanted, seconds = arg[1], arg[2], arg[3], tonumber(arg[5])
local from, to = arg[4]:match("(.+):(.+)")
from, to = tonumber(from), tonumber(to)
local backend = AudioEngine:set_backend("None (Dummy)", "Unit-Test", "")
backend:set_sample_rate(48000)
backend:set_buffer_size(256)
Session = create_session(folder, "session", 48000)
assert(Session, "The session could not be made.")

local info
for plugin in ARDOUR.LuaAPI.list_plugins():iter() do
  if plugin.name == "Timbrefold" and plugin.type == ARDOUR.PluginType[kind] then info = plugin end
end
assert(info, "Ardour does not know the " .. kind .. " Timbrefold.")

local midi = ARDOUR.ChanCount(ARDOUR.DataType("midi"), 1)
local stereo = ARDOUR.ChanCount(ARDOUR.DataType("audio"), 2)
local tracks = Session:new_midi_track(midi, stereo, true, info, nil, nil, 1, "Timbrefold", ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
local track = tracks:front()
for channel = 0, 1 do track:output():audio(channel):connect("Master/audio_in " .. (channel + 1)) end

local insert = track:the_instrument():to_insert()
assert(not insert:isnil(), "The track has no instrument.")
local plugin = insert:plugin(0)
local found = false
for index = 0, plugin:parameter_count() - 1 do
  if plugin:parameter_is_control(index) and plugin:parameter_is_input(index) and plugin:parameter_label(index) == wanted then
    local list, points = ARDOUR.LuaAPI.plugin_automation(insert, index)
    if not list:isnil() then
      points:add(Temporal.timepos_t(0), from, false, true)
      points:add(Temporal.timepos_t(math.floor(seconds * 48000)), to, false, true)
      local parameter = Evoral.Parameter(ARDOUR.AutomationType.PluginAutomation, 0, index)
      insert:to_automatable():automation_control(parameter, false):set_automation_state(ARDOUR.AutoState.Play)
      found = true
    end
  end
end
Session:save_state("", false, false, false, false, false)
io.stdout:write(string.format("LATENCY %d\nAUTOMATED %s\nDONE\n", insert:signal_latency(), found))
io.stdout:flush()
close_session()
quit()
