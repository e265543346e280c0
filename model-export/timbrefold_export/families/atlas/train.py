"""Trains Atlas: one loop that can stop after any step and go on as if it had not."""

import csv
import math
import time
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from tqdm import tqdm

from ...errors import UserError
from ...features import Features
from ...settings import check_settings
from ...splits import Split, make_split, read_split
from .attributes import AttributeScale, attributes, frames_attributes
from .augment import draw_batch
from .checkpoint import check_same_configuration, load_checkpoint, save_checkpoint
from .data import Pairs, Sounds, to_sounds
from .losses import HearingLoss, attribute_loss, frame_weights, health_loss, kl_per_dimension, time_weights
from .model import Atlas, inharmonicity_to_log
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

    def __init__(self, settings: AtlasSettings, train: Sounds, device: torch.device) -> None:
        self.settings = settings
        self.device = device
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
            self.model.parameters(), lr=settings.train.learning_rate, weight_decay=settings.train.weight_decay
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
        parts = self._loss(heard.to(self.device), played.to(self.device), noise.to(self.device))
        self.optimiser.zero_grad(set_to_none=True)
        parts.total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.step += 1
        # The average follows quickly at first, so that early looks see a trained network.
        keep = min(s.ema, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for kept, new in zip(self.average.parameters(), self.model.parameters(), strict=True):
                kept.lerp_(new, 1 - keep)
        return parts.values

    def look(self, sounds: Sounds) -> dict[str, float]:
        """L60 computed from frames and divergence per dimension, by the averaged weights; no randomness."""
        self.average.eval()
        with torch.no_grad():
            there = sounds.to(self.device)
            mean, log_variance = self.average.encoder(there.levels, there.pitch)
            levels, _ = self.average.decoder(mean, there.pitch, there.velocity, there.times.expand(len(there), -1))
            mel = self.hearing.mel(levels, there, time_weights(there.times)).mean()
            divergence = kl_per_dimension(mean, log_variance)
        return {"mel": float(mel), "active": float((divergence > ACTIVE_NATS).sum()), "kl": float(divergence.sum())}

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

    def _learning_rate(self) -> float:
        s = self.settings.train
        rise = min(1.0, (self.step + 1) / s.warm_up_steps)
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, self.step / s.steps)))
        return s.learning_rate * rise * max(fall, 0.01)

    def _loss(self, heard: Sounds, played: Sounds, noise: Tensor) -> Parts:
        s = self.settings.train
        self.model.train()
        mean, log_variance = self.model.encoder(heard.levels, heard.pitch)
        z = mean + noise * torch.exp(0.5 * log_variance)
        times = played.times.expand(len(played), -1)
        levels, log_b = self.model.decoder(z, played.pitch, played.velocity, times)
        weights = frame_weights(played.times)
        mel = self.hearing.mel(levels, played, weights).mean()
        level = self.hearing.levels(levels, played, weights).mean()
        inharmonicity = self.hearing.inharmonicity(log_b, played).mean()
        divergence = kl_per_dimension(mean, log_variance)
        kl = divergence.clamp_min(s.free_nats).sum()
        with torch.no_grad():
            raw = attributes(heard.levels, inharmonicity_to_log(heard.inharmonicity), heard.pitch, heard.times)
            scale = AttributeScale(*(t.to(self.device) for t in self.scale.state().values()))
            named = scale(raw, heard.pitch)
        ordered = attribute_loss(mean, named)
        # Points between sounds and points drawn from the prior (out to three deviations) must sound, too.
        between = torch.rand(len(z) // 4, 1, generator=self.random).to(z)
        quarter = len(between)
        midway = mean[:quarter].detach() * between + mean[quarter : 2 * quarter].detach() * (1 - between)
        drawn = torch.randn(quarter, z.shape[1], generator=self.random).to(z) * (1 + between)
        odd_z = torch.cat([midway, drawn.clamp(-3, 3)])
        odd_pitch = 24 + 84 * torch.rand(2 * quarter, generator=self.random).to(z)
        odd_velocity = torch.rand(2 * quarter, generator=self.random).to(z)
        health = health_loss(self.model.decoder, odd_z, odd_pitch, odd_velocity, played.times)
        warm = min(1.0, (self.step + 1) / s.kl_warm_up_steps)
        total = s.mel_weight * mel + s.level_weight * level + s.inharmonicity_weight * inharmonicity
        total = total + s.kl_weight * warm * kl + s.attribute_weight * ordered + s.health_weight * health
        named_parts = {"mel": mel, "level": level, "inharmonicity": inharmonicity, "kl": divergence.sum()}
        named_parts |= {"attribute": ordered, "health": health}
        return Parts(total, {name: float(value.detach()) for name, value in named_parts.items()})


def train_atlas(settings: AtlasSettings, features: Features, run: Path, resume: bool) -> Path:
    """Trains in `run` until the steps are done or the validation programs stop gaining; returns the best checkpoint."""
    run.mkdir(parents=True, exist_ok=True)
    if (run / LAST).exists() and not resume:
        raise UserError(f"{run} already holds a run; go on with --resume or choose another --run name.")
    split = read_split(run / SPLIT) if resume and (run / SPLIT).exists() else make_split(features.sounds, settings.split)
    split.write(run / SPLIT)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    sounds, validation = to_sounds(features, split.train), to_sounds(features, split.validation)
    trainer = Trainer(settings, sounds, device)
    if resume:
        state = load_checkpoint(run / LAST)
        check_same_configuration(state["settings"], settings, run / LAST)
        trainer.restore(state)
    print(f"{len(sounds)} sounds to learn, {len(validation)} of held-back programs to stop by; {device}; {run}")
    _loop(trainer, sounds, validation, run)
    print(f"Best validation mel distance {trainer.best:.3f} dB at step {trainer.best_step}: {run / BEST}")
    return run / BEST


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
    sums: dict[str, float] = {}
    since = 0
    with tqdm(total=s.steps, initial=trainer.step, desc="Training", unit="step", mininterval=5) as bar:
        while trainer.step < s.steps and trainer.looks_without_gain < s.patience:
            for name, value in trainer.advance().items():
                sums[name] = sums.get(name, 0.0) + value
            since += 1
            bar.update()
            if trainer.step % s.look_every == 0 or trainer.step == s.steps:
                seen, known = trainer.look(validation), trainer.look(glance)
                row = {"step": trainer.step, **{name: value / since for name, value in sums.items()}}
                row |= {"train_mel": known["mel"], "validation_mel": seen["mel"], "active": known["active"]}
                _log(run / LOG, row)
                bar.set_postfix(validation=f"{seen['mel']:.3f}", train=f"{known['mel']:.3f}", active=int(known["active"]))
                sums, since = {}, 0
                if seen["mel"] < trainer.best:
                    trainer.best, trainer.best_step, trainer.looks_without_gain = seen["mel"], trainer.step, 0
                    save_checkpoint(run / BEST, trainer.state())
                else:
                    trainer.looks_without_gain += 1
            if time.monotonic() - saved > s.checkpoint_seconds:
                save_checkpoint(run / LAST, trainer.state())
                saved = time.monotonic()
    save_checkpoint(run / LAST, trainer.state())


def _log(path: Path, row: dict[str, float]) -> None:
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(row))
        if new:
            writer.writeheader()
        writer.writerow({name: f"{value:.5g}" for name, value in row.items()})
