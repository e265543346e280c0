"""The configuration of an Atlas training run."""

from pydantic import Field

from ...settings import Settings
from ...splits import SplitSettings
from .augment import AugmentSettings
from .model import ModelSettings


class TrainSettings(Settings):
    """How long and how to train."""

    seed: int = 1
    steps: int = Field(default=12000, ge=1)
    batch: int = Field(default=64, ge=4)
    learning_rate: float = Field(default=2e-3, gt=0)
    weight_decay: float = Field(default=0.01, ge=0)
    warm_up_steps: int = Field(default=200, ge=1)
    ema: float = Field(default=0.998, gt=0, lt=1)
    #: Share of pairs whose heard sound is another pitch of the same instrument.
    cross_pitch_share: float = Field(default=0.3, ge=0, le=1)
    #: Weights of the parts of the loss.
    mel_weight: float = 1.0
    level_weight: float = 0.3
    loudness_weight: float = 0.1
    tuning_weight: float = 1.0
    kl_weight: float = 0.01
    kl_warm_up_steps: int = Field(default=1500, ge=1)
    #: Nats per latent dimension that cost nothing.
    free_nats: float = 0.3
    attribute_weight: float = 1.0
    health_weight: float = 0.2
    macro_weight: float = 0.15
    #: Steps between looks at the validation programs, and looks without gain before training stops.
    look_every: int = Field(default=250, ge=1)
    patience: int = Field(default=16, ge=1)
    #: Seconds between checkpoints.
    checkpoint_seconds: float = 60


class AtlasSettings(Settings):
    """Everything that decides a run: the corpus by name, the split, the sizes, the augmentation, the training."""

    corpus: str = "gm"
    split: SplitSettings = SplitSettings()
    model: ModelSettings = ModelSettings()
    augment: AugmentSettings = AugmentSettings()
    train: TrainSettings = TrainSettings()
