"""Packs a bundle: manifest with hashes, graphs, map, presets, parity vectors, card and licence, in one zip of reproducible bytes."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
from numpy.typing import NDArray

from ..errors import UserError
from ..files import write_atomically

SCHEMAS = Path(__file__).resolve().parents[1] / "schema"
MAX_BYTES = 16 << 20
#: The earliest time a zip can hold: the same content gives the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Tensor:
    """A graph's input or output: name and shape, "batch" for the dynamic axis."""

    name: str
    shape: tuple[int | str, ...]

    def json(self) -> dict[str, Any]:
        """As the manifest has it."""
        return {"name": self.name, "shape": list(self.shape)}


@dataclass(frozen=True)
class Graph:
    """An ONNX graph of the bundle."""

    role: str
    content: bytes
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]

    @property
    def file(self) -> str:
        """Its name in the zip."""
        return f"graphs/{self.role}.onnx"


def sha256(content: bytes) -> str:
    """Lower-case hexadecimal hash."""
    return hashlib.sha256(content).hexdigest()


def pack(manifest: dict[str, Any], graphs: list[Graph], files: dict[str, bytes]) -> bytes:
    """The bytes of the zip; `manifest` without hashes. Raises UserError when a schema refuses or the bundle is too large."""
    whole = {
        **manifest,
        "graphs": {
            graph.role: {
                "file": graph.file,
                "sha256": sha256(graph.content),
                "inputs": [tensor.json() for tensor in graph.inputs],
                "outputs": [tensor.json() for tensor in graph.outputs],
            }
            for graph in graphs
        },
        "files": {name: sha256(content) for name, content in sorted(files.items())},
    }
    check(whole, "manifest")
    check(json.loads(files["map.json"]), "map")
    for preset in json.loads(files["presets.json"]):
        check(preset, "preset")
    entries = {"manifest.json": to_json(whole), **{graph.file: graph.content for graph in graphs}, **files}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    packed = buffer.getvalue()
    if len(packed) > MAX_BYTES:
        raise UserError(f"The bundle has {len(packed) / (1 << 20):.1f} MiB; {MAX_BYTES >> 20} MiB are allowed. Train a smaller model.")
    return packed


def write(path: Path, packed: bytes) -> None:
    """Puts the bundle in its place, whole or not at all."""
    write_atomically(path, packed)


def check(content: Any, schema: str) -> None:
    """Checks against a schema generated from the TypeScript side."""
    rules = json.loads((SCHEMAS / f"{schema}.schema.json").read_text(encoding="utf-8"))
    try:
        jsonschema.validate(content, rules)
    except jsonschema.ValidationError as error:
        raise UserError(f"The bundle's {schema} is wrong at {error.json_path}: {error.message}.") from error


def to_json(content: Any) -> bytes:
    """Readable JSON, keys in the order given."""
    return (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def to_lines(name: str, items: list[dict[str, Any]]) -> bytes:
    """JSON of one list under a name, an item a line: long lists of numbers stay short and readable."""
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, allow_nan=False, separators=(",", ":")) for item in items)
    return f'{{"{name}": [\n{lines}\n]}}\n'.encode()


def npz(arrays: dict[str, NDArray[np.float32]]) -> bytes:
    """An uncompressed .npz of reproducible bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array, dtype=np.float32), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), content.getvalue())
    return buffer.getvalue()
