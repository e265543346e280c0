"""A process that has another ONNX Runtime already: the plug-in uses the one it carries."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

#: As npm calls it.
ARCHITECTURE = {"x86_64": "x64", "aarch64": "arm64"}[platform.machine()]

#: A library that is called as upstream's is, loaded before for everybody to see, and answers every question with nothing.
IMPOSTOR = """
struct base { const void* (*get_api) (unsigned); const char* (*version) (void); };
static const void* get_api (unsigned version) { return (void) version, (const void*) 0; }
static const char* version (void) { return "0.0.1"; }
static const struct base it = { get_api, version };
const struct base* OrtGetApiBase (void) { return &it; }
"""

HOST = """
import ctypes, sys
import mido, numpy, pedalboard
for library in sys.argv[2:]:
    ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
plugin = pedalboard.load_plugin(sys.argv[1])
audio = plugin([mido.Message("note_on", note=60, velocity=100, time=0)], duration=0.5, sample_rate=48000)
print("peak", numpy.abs(audio).max())
for line in open("/proc/self/maps"):
    if "onnxruntime" in line: print(line.split()[-1])
"""


def play_beside(vst3: Path, *libraries: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", HOST, str(vst3), *map(str, libraries)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_another_library_of_that_name_is_left_alone(vst3: Path, tmp_path: Path) -> None:
    source, impostor = tmp_path / "impostor.c", tmp_path / "libonnxruntime.so.1"
    source.write_text(IMPOSTOR)
    soname = "-Wl,-soname,libonnxruntime.so.1"
    subprocess.run(["gcc", "-shared", "-fPIC", soname, str(source), "-o", str(impostor)], check=True)
    said = play_beside(vst3, impostor)
    assert float(said.split()[1]) > 0.001
    assert "libtimbrefold-onnxruntime.so" in said
    assert str(impostor) in said


def test_the_real_library_may_be_there_too(vst3: Path) -> None:
    (real,) = (ROOT / "node_modules" / "onnxruntime-node" / "bin").glob(f"napi-*/linux/{ARCHITECTURE}/libonnxruntime.so.1")
    said = play_beside(vst3, real)
    assert float(said.split()[1]) > 0.001
    assert "libtimbrefold-onnxruntime.so" in said
    assert str(real.resolve()) in said


def test_the_plug_in_does_not_ask_the_linker_for_it(vst3: Path) -> None:
    (binary,) = (vst3 / "Contents").glob("*/Timbrefold.so")
    needed = subprocess.run(["readelf", "-d", str(binary)], capture_output=True, text=True, check=True).stdout
    assert "NEEDED" in needed
    assert "onnxruntime" not in needed
    carried = binary.with_name("libtimbrefold-onnxruntime.so")
    inside = subprocess.run(["readelf", "-d", str(carried)], capture_output=True, text=True, check=True).stdout
    assert "soname: [libtimbrefold-onnxruntime.so]" in inside
