"""Searches settings of the training with Optuna; several machines that share a storage share the study."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import optuna
import yaml

from .errors import UsageError, UserError

Value = float | int | str | bool


@dataclass(frozen=True)
class Varied:
    """A setting to vary, by its place in the configuration ("train.kl_weight"): one of `choices`, or where those are empty a number
    between `low` and `high`, whole where both are, evenly over its logarithm where `log`."""

    name: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[Value, ...] = ()

    def draw(self, trial: optuna.Trial) -> Value:
        """What this trial shall try."""
        if self.choices:
            chosen: Any = trial.suggest_categorical(self.name, self.choices)
            return self.choices[self.choices.index(chosen)]  # its own type also allows None
        if isinstance(self.low, int) and isinstance(self.high, int):
            return trial.suggest_int(self.name, self.low, self.high, log=self.log)
        return trial.suggest_float(self.name, self.low, self.high, log=self.log)


def read_varied(text: str) -> Varied:
    """NAME=LOW:HIGH, NAME=LOW:HIGH:log or NAME=A,B,C; raises UsageError for anything else."""
    name, _, span = text.partition("=")
    ends = span.split(":")
    if len(ends) == 1:
        choices = tuple(yaml.safe_load(part) for part in span.split(",") if part)
        if name and len(choices) > 1:
            return Varied(name, choices=choices)
    elif len(ends) == 2 or (len(ends) == 3 and ends[2] == "log"):
        low, high = (_number(end) for end in ends[:2])
        log = len(ends) == 3
        if low < high and (low > 0 or not log):
            return Varied(name, low, high, log)
    raise UsageError(f'"{text}" says nothing to vary; write train.batch=16,32,64 or train.kl_weight=0.001:0.03:log.')


def with_values(settings: dict[str, Any], values: dict[str, Value]) -> dict[str, Any]:
    """A configuration with other values at the named places; raises UserError where there is no such setting."""
    changed = {key: dict(value) if isinstance(value, dict) else value for key, value in settings.items()}
    for name, value in values.items():
        part, _, key = name.partition(".")
        section = changed.get(part)
        if not isinstance(section, dict) or key not in section:
            known = [f"{part}.{key}" for part, section in settings.items() if isinstance(section, dict) for key in section]
            raise UserError(f"There is no setting {name}; there are {', '.join(known)}.")
        section[key] = value
    return changed


def search(study: str, storage: str, trials: int, varied: list[Varied], train: Callable[[int, dict[str, Value]], float]) -> optuna.Study:
    """Runs `trials` further trials of a study, which is made where the storage has none of that name, and returns it.

    `train` is given a trial's number and the values to try, and returns what shall become small. A trial that raises UserError (settings
    that do not go together) is recorded as failed, and the study goes on. Raises UserError when the storage cannot be reached.
    """
    try:
        # Gaussian processes need few trials, which is what a training run allows.
        made = optuna.create_study(
            study_name=study, storage=storage, load_if_exists=True, direction="minimize", sampler=optuna.samplers.GPSampler()
        )
    except Exception as error:  # each kind of storage raises its own
        raise UserError(f"The storage {storage} cannot be used: {error}.") from error

    def objective(trial: optuna.Trial) -> float:
        reached = train(trial.number, {setting.name: setting.draw(trial) for setting in varied})
        return reached if math.isfinite(reached) else math.inf

    made.optimize(objective, n_trials=trials, catch=(UserError,))
    return made


def _number(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return math.nan
