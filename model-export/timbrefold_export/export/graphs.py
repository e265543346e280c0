"""ONNX graphs of Atlas: decoder (rows to frames), encoder (features to latent vector), refine (loss and its gradient)."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import onnx
import torch
from torch import Tensor, nn
from torch._decomp import core_aten_decompositions
from torch.fx.experimental.proxy_tensor import make_fx

from ..families.atlas.atlas import ENCODED_VELOCITY, Atlas
from ..families.atlas.data import Sounds
from ..families.atlas.losses import HearingLoss, frame_weights
from ..families.atlas.rows import RowDecoder
from ..families.atlas.time_axis import FRAMES
from ..features import COLUMNS, INHARMONICITY

OPSET = 18
#: Weight of the partial-by-partial error beside the error that an ear hears, of staying near the prior, and of a small detail.
_LEVEL_SHARE = 0.1
_LOUDNESS_SHARE = 0.3
_PRIOR_SHARE = 0.01
_DETAIL_SHARE = 0.002
_LEVEL_FLOOR_DB = 60.0
#: Features of silence, to trace graphs with.
_QUIET_DB = -60.0


class VectorEncoder(nn.Module):
    """The encoder as the bundle exports it: the mean of z, and detail, of a sound taken to be played at ENCODED_VELOCITY."""

    times: Tensor

    def __init__(self, model: Atlas, times: Tensor) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("times", times.clone())

    def forward(self, frames: Tensor, pitch: Tensor) -> Tensor:
        """frames [1, 48, COLUMNS], pitch [1] -> z ++ detail [1, dim]."""
        velocity = torch.full_like(pitch, ENCODED_VELOCITY)
        return self.model.encode(Sounds(frames, pitch, velocity, torch.zeros_like(pitch), self.times))


class RefineLoss(nn.Module):
    """What refinement minimises over the latent vector: L60 from frames, a little of each partial's own error and of the loudness (L60
    hears little of a note's end), tuning, and a little distance from the prior and from a sound without detail."""

    times: Tensor
    frame_weights: Tensor

    def __init__(self, model: Atlas, times: Tensor) -> None:
        super().__init__()
        self.latent, self.dim = model.settings.latent, model.settings.dim
        self.decoder = model.decoder
        self.hearing = HearingLoss()
        self.register_buffer("times", times.clone())
        self.register_buffer("frame_weights", frame_weights(times))

    def forward(self, z: Tensor, pitch: Tensor, velocity: Tensor, target: Tensor) -> Tensor:
        """z [1, dim] (the whole vector), pitch [1], velocity [1], target [1, 48, COLUMNS] -> loss, a scalar in dB."""
        played = self.decoder(z, pitch, velocity, self.times[None])
        wanted = Sounds(target, pitch, velocity, torch.zeros_like(pitch), self.times)
        mel = self.hearing.mel(played.levels, wanted, self.frame_weights)
        levels = target[..., :INHARMONICITY]
        floor = levels.amax(dim=(1, 2), keepdim=True) - _LEVEL_FLOOR_DB
        error = torch.relu(levels - floor) - torch.relu(played.levels - floor)
        level = (((error * error).mean(dim=2) + 1e-6).sqrt() * self.frame_weights).sum(1)
        tuning = self.hearing.tuning(played, wanted, self.frame_weights)
        loudness = self.hearing.loudness(played, wanted, self.frame_weights)
        heard = (mel + _LEVEL_SHARE * level + _LOUDNESS_SHARE * loudness + tuning).sum()
        near, small = z[:, : self.latent], z[:, self.latent :]
        return heard + _PRIOR_SHARE * (near * near).sum() + _DETAIL_SHARE * (small * small).sum()


class RefineGradient(nn.Module):
    """The loss and its gradient with respect to the latent vector, as one graph of plain operators."""

    def __init__(self, loss: RefineLoss) -> None:
        super().__init__()
        example = (torch.zeros(1, loss.dim), torch.full((1,), 60.0), torch.full((1,), 0.8), _quiet())

        def value_and_gradient(z: Tensor, pitch: Tensor, velocity: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
            gradient, value = torch.func.grad_and_value(loss)(z, pitch, velocity, target)
            return value, gradient

        self.example = example
        decompositions: Any = core_aten_decompositions()
        self.traced = make_fx(value_and_gradient, decomposition_table=decompositions)(*example)

    def forward(self, z: Tensor, pitch: Tensor, velocity: Tensor, target: Tensor) -> Any:
        """As RefineLoss, plus the gradient [1, dim]."""
        return self.traced(z, pitch, velocity, target)


def _quiet() -> Tensor:
    frames = torch.zeros(1, FRAMES, COLUMNS)
    frames[..., :INHARMONICITY] = _QUIET_DB
    return frames


def decoder_graph(model: Atlas) -> bytes:
    """ONNX of the decoder; batch axis dynamic."""
    example = (torch.zeros(4, model.settings.dim), torch.full((4,), 60.0), torch.full((4,), 0.8), torch.linspace(0, 3, 4))
    batch = torch.export.Dim("batch", min=1, max=4096)
    return _export(RowDecoder(model.decoder), example, ["z", "pitch", "velocity", "tau"], ["frame"], ({0: batch},) * 4)


def encoder_graph(model: Atlas, times: Tensor) -> bytes:
    """ONNX of the encoder; one sound."""
    example = (_quiet(), torch.full((1,), 60.0))
    return _export(VectorEncoder(model, times), example, ["frames", "pitch"], ["z"], None)


def refine_graph(model: Atlas, times: Tensor) -> bytes:
    """ONNX of loss and gradient; one sound."""
    module = RefineGradient(RefineLoss(model, times))
    return _export(module, module.example, ["z", "pitch", "velocity", "target"], ["loss", "gradient"], None)


def _export(module: nn.Module, example: tuple[Tensor, ...], inputs: list[str], outputs: list[str], dynamic: Any) -> bytes:
    module = module.eval()
    with TemporaryDirectory(prefix="timbrefold-") as scratch:
        path = Path(scratch) / "graph.onnx"
        torch.onnx.export(
            module,
            example,
            str(path),
            dynamo=True,
            opset_version=OPSET,
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=dynamic,
            external_data=False,
            verbose=False,
        )
        proto = onnx.load(io.BytesIO(path.read_bytes()))
    _strip(proto)
    onnx.checker.check_model(proto, full_check=True)
    return bytes(proto.SerializeToString(deterministic=True))


def _strip(proto: onnx.ModelProto) -> None:
    """Removes the exporter's notes: they hold paths of this machine, and bytes that say nothing about the model."""
    proto.doc_string = ""
    del proto.metadata_props[:]
    graph = proto.graph
    graph.doc_string = ""
    graph.name = "timbrefold"
    for item in [graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer]:
        if hasattr(item, "doc_string"):
            item.doc_string = ""
        if hasattr(item, "metadata_props"):
            del item.metadata_props[:]
    del graph.value_info[:]
