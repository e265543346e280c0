"""Bundles: graphs that agree with PyTorch, a manifest that validates, the same bytes each time."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch

from timbrefold_export.errors import UserError
from timbrefold_export.export import bundle
from timbrefold_export.export.export import PARITY_DB, PARITY_GRADIENT, PARITY_LATENT, ExportOptions, export_atlas, read_macros
from timbrefold_export.export.graphs import encoder_graph
from timbrefold_export.export.presets import PresetListSettings
from timbrefold_export.families.atlas.atlas import Atlas
from timbrefold_export.families.atlas.attributes import AttributeScale
from timbrefold_export.families.atlas.macros import Places, axis_macros
from timbrefold_export.families.atlas.settings import AtlasSettings
from timbrefold_export.families.atlas.train import BEST, load_atlas, train_atlas
from timbrefold_export.features import COLUMNS, Features
from timbrefold_export.paths import CONFIGS
from timbrefold_export.settings import read_settings

PRESETS = """presets:
  - { name: One, tags: [warm, keys], blend: { Sound 5: 2, Sound 6: 1 }, macros: { 1: 0.7 }, parameters: { releaseMs: 300 } }
"""


@pytest.fixture(scope="module")
def run(features: Features, small: AtlasSettings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Programs 5 and 6 are named by the preset: the seed must leave them among the training programs.
    folder = tmp_path_factory.mktemp("run")
    settings = small.model_copy(update={"split": small.split.model_copy(update={"seed": 4})})
    train_atlas(settings, features, folder, resume=False)
    return folder


@pytest.fixture(scope="module", autouse=True)
def plain_macros() -> Iterator[None]:
    """Bundles of these tests take the latent axes as macros; choosing better ones takes long and is tested by itself."""

    def axes(model: Atlas, scale: AttributeScale, places: Places, times: torch.Tensor) -> torch.Tensor:
        return axis_macros(model, places)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("timbrefold_export.export.export.choose_macros", axes)
        yield


@pytest.fixture(scope="module")
def exported(run: Path, features: Features, folders: tuple[Path, Path]) -> tuple[bytes, dict[str, float], ExportOptions]:
    presets = run / "presets.yaml"
    presets.write_text(PRESETS)
    options = ExportOptions("timbrefold.small", "Small", "0.0.1", presets, ["python -m timbrefold_export train --run small"], None)
    packed, differences = export_atlas(run, features, folders[0], options)
    return packed, differences, options


def test_graphs_agree_with_pytorch(exported: tuple[bytes, dict[str, float], ExportOptions]) -> None:
    differences = exported[1]
    assert all(value > 0 for value in differences.values())
    assert differences["decoder dB"] <= PARITY_DB
    assert differences["encoder z"] <= PARITY_LATENT
    assert differences["refine gradient relative"] <= PARITY_GRADIENT


def test_the_bundle_holds_what_its_manifest_says(exported: tuple[bytes, dict[str, float], ExportOptions], small: AtlasSettings) -> None:
    archive = zipfile.ZipFile(io.BytesIO(exported[0]))
    manifest = json.loads(archive.read("manifest.json"))
    bundle.check(manifest, "manifest")
    hashes = {g["file"]: g["sha256"] for g in manifest["graphs"].values()} | manifest["files"]
    assert set(hashes) | {"manifest.json"} == set(archive.namelist())
    assert all(bundle.sha256(archive.read(name)) == value for name, value in hashes.items())
    for graph in manifest["graphs"].values():
        proto = onnx.load(io.BytesIO(archive.read(graph["file"])))
        assert [i.name for i in proto.graph.input] == [i["name"] for i in graph["inputs"]]
        assert [o.name for o in proto.graph.output] == [o["name"] for o in graph["outputs"]]
        assert proto.opset_import[0].version == 18
        assert str(Path(__file__).parents[2]).encode() not in archive.read(graph["file"])
    latent = small.model.dim
    points = json.loads(archive.read("map.json"))["points"]
    assert all(0.03 - 1e-6 <= p[axis] <= 0.97 + 1e-6 and len(p["latent"]) == latent for p in points for axis in "xy")
    preset = json.loads(archive.read("presets.json"))[0]
    assert preset["macros"][0] == 0.7
    assert preset["tags"] == ["warm", "keys"]
    assert preset["model"]["sha256"] == manifest["graphs"]["decoder"]["sha256"]
    parity = np.load(io.BytesIO(archive.read("parity.npz")))
    assert parity["frame"].shape == (64, COLUMNS)


def test_the_same_run_gives_the_same_bytes(exported: tuple[bytes, dict[str, float], ExportOptions], run: Path, features: Features) -> None:
    archive = zipfile.ZipFile(io.BytesIO(exported[0]))
    model, _, _ = load_atlas(run / BEST)
    assert encoder_graph(model, torch.from_numpy(features.times)) == archive.read("graphs/encoder.onnx")
    manifest = json.loads(archive.read("manifest.json"))

    def tensors(listed: list[dict[str, Any]]) -> tuple[bundle.Tensor, ...]:
        return tuple(bundle.Tensor(tensor["name"], tuple(tensor["shape"])) for tensor in listed)

    graphs = [
        bundle.Graph(role, archive.read(graph["file"]), tensors(graph["inputs"]), tensors(graph["outputs"]))
        for role, graph in manifest.pop("graphs").items()
    ]
    names = [name for name in archive.namelist() if name in manifest["files"]]
    del manifest["files"]
    assert bundle.pack(manifest, graphs, {name: archive.read(name) for name in names}) == exported[0]


def test_a_refused_manifest_names_the_place() -> None:
    with pytest.raises(UserError, match="manifest is wrong"):
        bundle.check({"contract": 2}, "manifest")


def test_the_traced_gradient_is_autograds(run: Path) -> None:
    from timbrefold_export.export.graphs import RefineGradient, RefineLoss

    model, settings, _ = load_atlas(run / BEST)
    loss = RefineLoss(model, torch.linspace(0, 3, 48))
    random = torch.Generator().manual_seed(1)
    z = torch.randn(1, settings.model.dim, generator=random, requires_grad=True)
    target = torch.randn(1, 48, COLUMNS, generator=random)
    target[..., :160] = -60 + 20 * target[..., :160]
    target[..., 160] = 1e-4
    given = (torch.tensor([61.3]), torch.tensor([0.6]), target)
    value = loss(z, *given)
    value.backward()
    traced_value, traced_gradient = RefineGradient(loss)(z.detach(), *given)
    assert z.grad is not None
    torch.testing.assert_close(traced_value, value.detach())
    torch.testing.assert_close(traced_gradient, z.grad, atol=1e-5, rtol=1e-4)


def test_macros_of_a_bundle_are_taken_or_refused(exported: tuple[bytes, dict[str, float], ExportOptions], tmp_path: Path) -> None:
    path = tmp_path / "small.timbre"
    path.write_bytes(exported[0])
    manifest = json.loads(zipfile.ZipFile(path).read("manifest.json"))
    dim = manifest["latent"]["dim"]
    offsets = read_macros(path, dim)
    np.testing.assert_allclose(offsets.numpy(), [macro["direction"] for macro in manifest["macros"]], rtol=1e-6)
    with pytest.raises(UserError, match="numbers"):
        read_macros(path, dim + 1)
    path.write_bytes(b"no zip")
    with pytest.raises(UserError, match="cannot be read"):
        read_macros(path, dim)


def test_every_starting_preset_says_what_plays_how_it_sounds_and_what_for() -> None:
    listed = read_settings(CONFIGS / "presets.yaml", PresetListSettings).presets
    assert all(3 <= len(preset.tags) == len(set(preset.tags)) for preset in listed)
    # A word that one preset alone has finds no more than its name does.
    words = Counter(tag for preset in listed for tag in preset.tags)
    assert min(words.values()) > 1
