"""Trains Atlas: one loop that can stop after any step and go on as if it had not."""

import csv
import math
import tempfile
import time
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from ...distributed import Place, alone
from ...errors import UserError
from ...features import Features
from ...settings import check_settings
from ...splits import Split, make_split, read_split
from ...training_log import TrainingLog
from .atlas import Atlas
from .attributes import COUNT, AttributeScale, attributes, frames_attributes
from .augment import draw_batch
from .checkpoint import check_same_configuration, load_checkpoint, save_checkpoint
from .data import Pairs, Sounds, to_sounds
from .losses import (
    HearingLoss,
    attribute_loss,
    frame_weights,
    kl_per_dimension,
    macro_loss,
    step_loss,
    swell_loss,
    time_weights,
)
from .model import playable
from .scales import inharmonicity_to_log
from .settings import AtlasSettings

LAST = "last.pt"
BEST = "best.pt"
LOG = "log.csv"
SPLIT = "split.json"
#: Latent dimensions whose divergence from the prior exceeds this carry something.
ACTIVE_NATS = 0.1


@dataclass
class Parts:
    """The loss of one batch and what it is made of."""

    total: Tensor
    values: dict[str, float]


class Trainer:
    """State of a run: networks, averaged networks, optimiser, step, random generators."""

    def __init__(self, settings: AtlasSettings, train: Sounds, device: torch.device, place: Place | None = None) -> None:
        self.settings = settings
        self.device = device
        self.place = place or alone()
        self.step = 0
        self.best = math.inf
        self.best_step = 0
        self.looks_without_gain = 0
        self.random = torch.Generator().manual_seed(settings.train.seed)
        torch.manual_seed(settings.train.seed)
        self.model = Atlas(settings.model)
        mean = train.levels.clamp_min(-90).mean((0, 1))
        self.model.decoder.mean_db.copy_(mean)
        self.average = deepcopy(self.model).requires_grad_(False)
        self.model.to(device)
        self.average.to(device)
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=settings.train.learning_rate, weight_decay=settings.train.weight_decay, fused=True
        )
        self.hearing = HearingLoss().to(device)
        self.train = train
        self.pairs = Pairs(train, settings.train.cross_pitch_share)
        raw = frames_attributes(train.frames, train.pitch, train.times)
        self.scale = AttributeScale.fit(raw, train.pitch)

    def advance(self) -> dict[str, float]:
        """One step of training; returns the parts of the loss."""
        s = self.settings.train
        for group in self.optimiser.param_groups:
            group["lr"] = self._learning_rate()
        heard, played = draw_batch(self.train, self.pairs, s.batch, self.settings.augment, self.random)
        noise = torch.randn(s.batch, self.settings.model.latent, generator=self.random)
        parts = self._loss(heard.to(self.device), played.to(self.device), noise)
        self.optimiser.zero_grad(set_to_none=True)
        parts.total.backward()  # type: ignore[no-untyped-call]
        self.place.average_gradients(self.model.parameters())
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        # The average follows quickly at first, so that early looks see a trained network.
        keep = min(s.ema, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - keep)
        return parts.values

    def look(self, sounds: Sounds) -> dict[str, float]:
        """L60 computed from frames (by z alone) and active dimensions, by the averaged weights; no randomness."""
        self.average.eval()
        with torch.no_grad():
            there = sounds.to(self.device)
            mean, log_variance = self.average.encoder(there.frames, there.pitch)
            mel = self.hearing.mel(self.average.plain(there, mean).levels, there, time_weights(there.times)).mean()
            divergence = kl_per_dimension(mean, log_variance)
        return {"mel": float(mel), "active": float((divergence > ACTIVE_NATS).sum())}

    def state(self) -> dict[str, Any]:
        """Everything to go on from here."""
        return {
            "settings": self.settings.model_dump(),
            "step": self.step,
            "best": self.best,
            "best_step": self.best_step,
            "looks_without_gain": self.looks_without_gain,
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "random": self.random.get_state(),
            "torch_random": torch.get_rng_state(),
            "attributes": self.scale.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Takes up a saved state."""
        self.step, self.best, self.best_step = state["step"], state["best"], state["best_step"]
        self.looks_without_gain = state["looks_without_gain"]
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.random.set_state(state["random"])
        torch.set_rng_state(state["torch_random"])

    def begin_with(self, state: dict[str, Any]) -> None:
        """Takes the averaged weights of another run where names agree; a larger matrix keeps its own numbers around them, with new
        inputs silent."""
        saved, latent = state["average"], state["settings"]["model"]["latent"]
        if latent != self.settings.model.latent:
            raise UserError(f"The run to begin with has a latent of {latent} dimensions, this one of {self.settings.model.latent}.")
        with torch.no_grad():
            for name, value in self.model.state_dict().items():
                if name not in saved or saved[name].dim() != value.dim():
                    continue
                old = saved[name].to(value)
                shared = tuple(slice(0, min(a, b)) for a, b in zip(old.shape, value.shape, strict=True))
                if value.dim() == 2:
                    value[shared[0]] = 0
                value[shared] = old[shared]
        self.average.load_state_dict(self.model.state_dict())

    def _learning_rate(self) -> float:
        s = self.settings.train
        rise = min(1.0, (self.step + 1) / s.warm_up_steps)
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, self.step / s.steps)))
        return s.learning_rate * rise * max(fall, 0.01)

    def _loss(self, heard: Sounds, played: Sounds, noise: Tensor) -> Parts:
        s = self.settings.train
        self.model.train()
        mean, log_variance = self.model.encoder(heard.frames, heard.pitch)
        vector = self._whole(mean + noise.to(self.device) * torch.exp(0.5 * log_variance))
        # One frame of each neighbouring pair, drawn anew each step: half the work, and every frame has its turn.
        chosen = self._some_frames(len(played.times))
        weights = frame_weights(played.times).reshape(-1, 2).sum(1)
        some = played.frames_at(chosen)
        out = self.model.decoder(vector, some.pitch, some.velocity, some.times.expand(len(some), -1))
        mel = self.hearing.mel(out.levels, some, weights).mean()
        level = self.hearing.levels(out.levels, some, weights).mean()
        loudness = self.hearing.loudness(out, some, weights).mean()
        tuning = self.hearing.tuning(out, some, weights).mean()
        divergence = kl_per_dimension(mean, log_variance)
        kl = divergence.clamp_min(s.free_nats).sum()
        with torch.no_grad():
            raw = attributes(heard.levels, inharmonicity_to_log(heard.inharmonicity), heard.pitch, heard.times)
            named = self._scale()(raw, heard.pitch)
        ordered = attribute_loss(mean, named)
        swell, steps = self._health(mean.detach(), played)
        macros = self._macros(mean.detach(), played)
        warm = min(1.0, (self.step + 1) / s.kl_warm_up_steps)
        total = s.mel_weight * mel + s.level_weight * level + s.loudness_weight * loudness + s.tuning_weight * tuning
        total = total + s.kl_weight * warm * kl + s.attribute_weight * ordered
        total = total + s.health_weight * (swell + steps) + s.macro_weight * macros
        parts = {"mel": mel, "level": level, "loudness": loudness, "tuning": tuning, "kl": divergence.sum(), "attribute": ordered}
        parts |= {"swell": swell, "steps": steps, "macros": macros}
        return Parts(total, {name: float(value.detach()) for name, value in parts.items()})

    def _health(self, mean: Tensor, played: Sounds) -> tuple[Tensor, Tensor]:
        """Held notes between sounds, at any pitch, and at points of the prior (out to three deviations) must not swell, and ways between
        sounds must go in even steps."""
        decoder, n = self.model.decoder, len(mean) // 4
        first, last = self._whole(mean[:n]), self._whole(mean[n : 2 * n])
        midway = first + self._uniform(n, 1) * (last - first)
        drawn = torch.randn(n, mean.shape[1], generator=self.random).to(self.device) * (1 + self._uniform(n, 1))
        pitch, velocity = 24 + 84 * self._uniform(2 * n), self._uniform(2 * n)
        swell = swell_loss(decoder, torch.cat([midway, self._whole(drawn.clamp(-3, 3))]), pitch, velocity)
        few = n // 2
        where = (1 - 1 / 16) * self._uniform(few, 1)
        steps = step_loss(decoder, (first[:few], last[:few]), pitch[:few], velocity[:few], played.times, where)
        return swell, steps

    def _macros(self, mean: Tensor, played: Sounds) -> Tensor:
        """A few sounds, each turned along one regularised dimension."""
        n = len(mean) // 4
        times = played.times[::2]
        axis = torch.arange(n, device=self.device) % COUNT
        turned = torch.nn.functional.one_hot(axis, mean.shape[1]).to(mean.dtype) * mean.std(0)
        low, high = -1.65 * self._uniform(n), 1.65 * self._uniform(n)
        both = self._whole(torch.cat([mean[:n] + turned * low[:, None], mean[:n] + turned * high[:, None]]))
        pitch, velocity = played.pitch[:n].repeat(2), played.velocity[:n].repeat(2)
        out = self.model.decoder(both, pitch, velocity, times.expand(2 * n, -1))
        raw = attributes(playable(out.levels), out.log_inharmonicity, pitch, times)
        before, after = self._scale()(raw, pitch).chunk(2)
        return macro_loss(before, after, axis, high - low)

    def _whole(self, z: Tensor) -> Tensor:
        """A latent vector of z alone."""
        return torch.nn.functional.pad(z, (0, self.settings.model.detail))

    def _scale(self) -> AttributeScale:
        return AttributeScale(*(t.to(self.device) for t in self.scale.state().values()))

    def _uniform(self, *shape: int) -> Tensor:
        return torch.rand(*shape, generator=self.random).to(self.device)

    def _some_frames(self, count: int) -> Tensor:
        """One place of each pair of neighbouring frames."""
        return torch.arange(0, count, 2) + (torch.rand(count // 2, generator=self.random) < 0.5).long()


def train_atlas(
    settings: AtlasSettings, features: Features, run: Path, resume: bool, begin: Path | None = None, place: Place | None = None
) -> Path:
    """Trains in `run` until the steps are done or the validation programs stop gaining; returns the best checkpoint.

    `begin` is a checkpoint whose averaged weights are taken to begin with, as far as their shapes reach. Its split must be the same.
    `place` is this process' among those that train together (distributed.py); all of them call this.
    """
    place = place or alone()
    run.mkdir(parents=True, exist_ok=True)
    if (run / LAST).exists() and not resume:
        raise UserError(f"{run} already holds a run; go on with --resume or choose another --run name.")
    split = read_split(run / SPLIT) if resume and (run / SPLIT).exists() else make_split(features.sounds, settings.split)
    sounds, validation = to_sounds(features, split.train), to_sounds(features, split.validation)
    trainer = Trainer(settings, sounds, place.device, place)
    if resume:
        state = load_checkpoint(run / LAST)
        check_same_configuration(state["settings"], settings, run / LAST)
        trainer.restore(state)
    elif begin is not None:
        trainer.begin_with(load_checkpoint(begin))
        print(f"Begun with the weights of {begin}")
    place.seed(settings.train.seed, trainer.step, trainer.random)
    if not place.first:
        # What the first process writes is what counts; the others keep theirs only as long as they need it.
        with tempfile.TemporaryDirectory(prefix="timbrefold-") as scratch:
            _loop(trainer, sounds, validation, Path(scratch))
        return run / BEST
    split.write(run / SPLIT)
    many = f"{place.count} processes, " if place.count > 1 else ""
    print(f"{len(sounds)} sounds to learn, {len(validation)} of held-back programs to stop by; {many}{place.device}; {run}")
    _loop(trainer, sounds, validation, run)
    add_detail(run / BEST, sounds)
    print(f"Best (validation mel distance, health and macros) {trainer.best:.3f} at step {trainer.best_step}: {run / BEST}")
    return run / BEST


def add_detail(path: Path, train: Sounds) -> float:
    """Fits detail to the averaged networks of a checkpoint from the training sounds, and writes it there; returns the mel distance of
    the training sounds with detail, dB."""
    model, _, state = load_atlas(path)
    model.fit_detail(train)
    save_checkpoint(path, {**state, "average": model.state_dict()})
    hearing, weights = HearingLoss(), time_weights(train.times)
    total = 0.0
    with torch.no_grad():
        for some in train.batches():
            played = model.decoder(model.encode(some), some.pitch, some.velocity, some.times.expand(len(some), -1))
            total += float(hearing.mel(played.levels, some, weights).sum())
    return total / len(train)


def load_atlas(path: Path) -> tuple[Atlas, AtlasSettings, dict[str, Any]]:
    """The averaged network of a checkpoint, ready to evaluate, with its settings and the whole state."""
    state = load_checkpoint(path)
    settings = check_settings(state["settings"], AtlasSettings, str(path))
    model = Atlas(settings.model)
    model.load_state_dict(state["average"])
    return model.eval().requires_grad_(False), settings, state


def run_parts(run: Path, features: Features) -> tuple[Split, dict[str, Sounds]]:
    """The split of a run and its parts as tensors."""
    split = read_split(run / SPLIT)
    files = {"train": split.train, "validation": split.validation, "programs": split.programs, "pitches": split.pitches}
    return split, {name: to_sounds(features, chosen) for name, chosen in files.items()}


def _loop(trainer: Trainer, train: Sounds, validation: Sounds, run: Path) -> None:
    s = trainer.settings.train
    glance = train.at(torch.arange(0, len(train), max(1, len(train) // 200)))
    saved = time.monotonic()
    events = TrainingLog(run, trainer.step)
    sums: dict[str, float] = {}
    since = 0
    with tqdm(total=s.steps, initial=trainer.step, desc="Training", unit="step", mininterval=5, disable=not trainer.place.first) as bar:
        while trainer.step < s.steps and trainer.looks_without_gain < s.patience:
            for name, value in trainer.advance().items():
                sums[name] = sums.get(name, 0.0) + value
            since += 1
            bar.update()
            if trainer.step % s.look_every == 0 or trainer.step == s.steps:
                seen, known = trainer.look(validation), trainer.look(glance)
                row = {"step": trainer.step, **trainer.place.average({name: value / since for name, value in sums.items()})}
                row |= {"train_mel": known["mel"], "validation_mel": seen["mel"], "active": known["active"]}
                _log(run / LOG, row)
                events.write(trainer.step, {name: value for name, value in row.items() if name != "step"})
                bar.set_postfix(validation=f"{seen['mel']:.3f}", train=f"{known['mel']:.3f}", active=int(known["active"]))
                sums, since = {}, 0
                # What the ear hears of validation programs, and, as training has it, health of the space and of the macros.
                reached = seen["mel"] + s.health_weight * (row["swell"] + row["steps"]) + s.macro_weight * row["macros"]
                if reached < trainer.best:
                    trainer.best, trainer.best_step, trainer.looks_without_gain = reached, trainer.step, 0
                    save_checkpoint(run / BEST, trainer.state())
                else:
                    trainer.looks_without_gain += 1
            if time.monotonic() - saved > s.checkpoint_seconds:
                save_checkpoint(run / LAST, trainer.state())
                saved = time.monotonic()
    events.close()
    save_checkpoint(run / LAST, trainer.state())


def _log(path: Path, row: dict[str, float]) -> None:
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(row))
        if new:
            writer.writeheader()
        writer.writerow({name: f"{value:.5g}" for name, value in row.items()})
