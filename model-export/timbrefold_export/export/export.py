"""Makes a bundle of a trained Atlas: graphs checked against PyTorch, macros, map, presets, parity vectors, card."""

import json
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from ..errors import UserError
from ..families.atlas.atlas import Atlas
from ..families.atlas.attributes import MACROS, AttributeScale
from ..families.atlas.data import Sounds
from ..families.atlas.macros import Places, choose_macros
from ..families.atlas.model import frame_layout
from ..families.atlas.rows import RowDecoder
from ..families.atlas.scales import CEILING_DB
from ..families.atlas.time_axis import FRAMES, MAX_SECONDS
from ..families.atlas.train import BEST, load_atlas, run_parts
from ..features import COLUMNS, Features
from ..generated.constants import FFT_SIZE, FLOOR_DB, HOP
from ..paths import REPOSITORY
from . import bundle
from .card import write_card
from .graphs import RefineLoss, VectorEncoder, decoder_graph, encoder_graph, refine_graph
from .presets import make_presets
from .sound_map import draw_map

PITCH_RANGE = (24, 108)
SUSTAIN_SECONDS = (1.5, 2.8)
#: Agreement of ONNX Runtime with PyTorch: decibels, and relative to the range of levels.
PARITY_DB = 1e-3
PARITY_RELATIVE = 1e-4
#: The encoder's latents, and the gradient relative to its largest component: levels near the floor switch sides by rounding.
PARITY_LATENT = 1e-3
PARITY_GRADIENT = 2e-2
_PARITY_ROWS = 64


@dataclass(frozen=True)
class ExportOptions:
    """What to call the bundle and what goes into it besides the run."""

    model_id: str
    name: str
    version: str
    presets: Path
    #: What made the run, for the card.
    commands: list[str]
    report: Path | None
    #: Bundle of the same latent space whose macros are taken.
    macros_of: Path | None = None


def export_atlas(run: Path, features: Features, corpus: Path, options: ExportOptions) -> tuple[bytes, dict[str, float]]:
    """The bundle's bytes and the largest differences between ONNX Runtime and PyTorch."""
    model, settings, state = load_atlas(run / BEST)
    split, parts = run_parts(run, features)
    train = parts["train"]
    with torch.no_grad():
        vector = torch.cat([model.encode(some) for some in train.batches()])
    mean, std = prior(vector, settings.model.latent)
    if options.macros_of is None:
        offsets = choose_macros(model, attribute_scale(state), macro_places(train, vector, settings.train.seed), train.times)
    else:
        offsets = read_macros(options.macros_of, settings.model.dim)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns about itself
        graphs = _graphs(model, train.times)
    random = np.random.default_rng(settings.train.seed)
    vectors = parity_vectors(model, mean.numpy(), std.numpy(), random)
    differences = check_parity(model, graphs, vectors, train)
    points = draw_map(model, features, split.train, settings.train.seed)
    decoder_hash = bundle.sha256(graphs[0].content)
    labels = json.loads((corpus / "labels.json").read_text(encoding="utf-8"))["sounds"]
    licences = {str(label["soundfont"]): str(label["licence"]) for label in labels}
    files = {
        "presets.json": bundle.to_json(make_presets(options.presets, points, options.model_id, decoder_hash)),
        "map.json": bundle.to_lines("points", [point.json() for point in points]),
        "parity.npz": bundle.npz(vectors),
        "card.md": write_card(options.name, features, licences, split, state, options.commands, options.report),
        "LICENSE": (REPOSITORY / "LICENSE").read_bytes(),
    }
    manifest = _manifest(options, model, mean.tolist(), std.tolist(), offsets.tolist())
    return bundle.pack(manifest, graphs, files), differences


def read_macros(path: Path, dim: int) -> torch.Tensor:
    """The macros' offsets [8, dim] of a bundle; raises UserError where there is none or its vectors are of another length."""
    try:
        with zipfile.ZipFile(path) as archive:
            macros = json.loads(archive.read("manifest.json"))["macros"]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise UserError(f"The macros of {path} cannot be read: {error}.") from error
    offsets = torch.tensor([macro["direction"] for macro in macros])
    if offsets.shape[1] != dim:
        raise UserError(f"The macros of {path} move {offsets.shape[1]} numbers, this model has {dim}.")
    return offsets


def attribute_scale(state: dict[str, Any]) -> AttributeScale:
    """The attribute scale that a checkpoint carries."""
    return AttributeScale(**state["attributes"])


def macro_places(sounds: Sounds, vector: torch.Tensor, seed: int, count: int = 200) -> Places:
    """A seeded choice of sounds at which macros are fitted or judged."""
    chosen = torch.randperm(len(sounds), generator=torch.Generator().manual_seed(seed))[:count]
    return Places(vector[chosen], sounds.pitch[chosen], sounds.velocity[chosen])


def prior(vectors: torch.Tensor, latent: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and deviation [dim] of the training sounds' vectors: what the manifest says of the prior. Detail has none of its own: a
    sound without detail is the middle."""
    mean, std = vectors.mean(0), vectors.std(0)
    mean[latent:] = 0
    return mean, std.clamp_min(1e-3)


def parity_vectors(
    model: Atlas, mean: NDArray[np.float32], std: NDArray[np.float32], random: np.random.Generator
) -> dict[str, NDArray[np.float32]]:
    """Rows spread over the latent space, pitch, velocity and time, and PyTorch's frames for them."""
    rows = {
        "z": (mean + std * random.normal(size=(_PARITY_ROWS, len(mean)))).astype(np.float32),
        "pitch": random.uniform(*PITCH_RANGE, _PARITY_ROWS).astype(np.float32),
        "velocity": random.uniform(0, 1, _PARITY_ROWS).astype(np.float32),
        "tau": (MAX_SECONDS * random.uniform(0, 1, _PARITY_ROWS) ** 2).astype(np.float32),
    }
    with torch.no_grad():
        frame = RowDecoder(model.decoder)(*(torch.from_numpy(array) for array in rows.values()))
    return {**rows, "frame": frame.numpy()}


def check_parity(model: Atlas, graphs: list[bundle.Graph], vectors: dict[str, NDArray[np.float32]], sounds: Sounds) -> dict[str, float]:
    """Largest differences between ONNX Runtime and PyTorch; raises UserError beyond the limits."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    decoder, encoder, refine = (
        onnxruntime.InferenceSession(graph.content, options, providers=["CPUExecutionProvider"]) for graph in graphs
    )
    frame = decoder.run(None, {name: vectors[name] for name in ("z", "pitch", "velocity", "tau")})[0]
    decoder_db = float(np.abs(frame - vectors["frame"]).max())
    worst = np.zeros(3)
    loss = RefineLoss(model, sounds.times)
    for place in range(0, len(sounds), max(1, len(sounds) // 8)):
        one = sounds.at(torch.tensor([place]))
        heard = {"frames": one.frames.numpy(), "pitch": one.pitch.numpy()}
        z = torch.from_numpy(encoder.run(None, heard)[0])
        with torch.no_grad():
            encoder_z = float((z - VectorEncoder(model, sounds.times)(one.frames, one.pitch)).abs().max())
        gradient, value = torch.func.grad_and_value(loss)(z, one.pitch, one.velocity, one.frames)
        given = {"z": z.numpy(), "pitch": one.pitch.numpy(), "velocity": one.velocity.numpy(), "target": one.frames.numpy()}
        got_value, got_gradient = refine.run(None, given)
        scale = float(gradient.abs().max().clamp_min(1e-3))
        found = (encoder_z, float(abs(got_value - value.numpy())), float(np.abs(got_gradient - gradient.numpy()).max()) / scale)
        worst = np.maximum(worst, found)  # keeps what is not a number, unlike max()
    differences = {
        "decoder dB": decoder_db,
        "decoder relative": decoder_db / (CEILING_DB - FLOOR_DB),
        "encoder z": float(worst[0]),
        "refine loss dB": float(worst[1]),
        "refine gradient relative": float(worst[2]),
    }
    limits = (PARITY_DB, PARITY_RELATIVE, PARITY_LATENT, PARITY_DB, PARITY_GRADIENT)
    if not all(value <= limit for value, limit in zip(differences.values(), limits, strict=True)):
        raise UserError(f"ONNX Runtime and PyTorch disagree: {differences}.")
    return differences


def _graphs(model: Atlas, times: torch.Tensor) -> list[bundle.Graph]:
    dim, t = model.settings.dim, bundle.Tensor
    row = tuple(t(name, ("batch",)) for name in ("pitch", "velocity", "tau"))
    frame = sum(size for _, size in frame_layout(model.settings))
    sound = (1, FRAMES, COLUMNS)
    return [
        bundle.Graph("decoder", decoder_graph(model), (t("z", ("batch", dim)), *row), (t("frame", ("batch", frame)),)),
        bundle.Graph("encoder", encoder_graph(model, times), (t("frames", sound), t("pitch", (1,))), (t("z", (1, dim)),)),
        bundle.Graph(
            "refine",
            refine_graph(model, times),
            (t("z", (1, dim)), t("pitch", (1,)), t("velocity", (1,)), t("target", sound)),
            (t("loss", ()), t("gradient", (1, dim))),
        ),
    ]


def _manifest(options: ExportOptions, model: Atlas, mean: list[float], std: list[float], offsets: list[list[float]]) -> dict[str, Any]:
    def short(values: list[float]) -> list[float]:
        return [round(value, 6) for value in values]

    return {
        "contract": 1,
        "id": options.model_id,
        "name": options.name,
        "family": "atlas",
        "version": options.version,
        "licence": "MIT",
        "audio": {"sampleRate": 48000, "hop": HOP, "fftSize": FFT_SIZE, "window": "blackman-harris"},
        "latent": {
            "dim": model.settings.dim,
            "detail": model.settings.detail,
            "prior": "normal",
            "mean": short(mean),
            "std": short(std),
            "interpolation": "lerp",
        },
        "conditioning": {"pitch": "continuous", "range": list(PITCH_RANGE), "velocity": True},
        "output": {
            "kind": "partials",
            "layout": [{"name": name, "size": size} for name, size in frame_layout(model.settings)],
            "floorDb": FLOOR_DB,
            "scale": "dB",
        },
        "time": {
            "mode": "indexed",
            "maxSeconds": MAX_SECONDS,
            "sustain": list(SUSTAIN_SECONDS),
            "batchFrames": 64,
            "lookahead": 4,
        },
        "state": [],
        "macros": [
            {"label": label, "description": description, "direction": short(offset)}
            for (label, description), offset in zip(MACROS, offsets, strict=True)
        ],
        "encoder": {"features": "timbrefold-features/2", "frames": FRAMES, "columns": COLUMNS},
    }
