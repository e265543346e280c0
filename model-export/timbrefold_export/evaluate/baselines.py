"""What Atlas is compared with: principal components, and the nearest training note."""

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from ..features import CENTS, INHARMONICITY, Features, Frames

#: Levels below this count as this: what lies under it is not heard, and would cost components.
FLOOR_DB = -85.0


def _flat(features: Features) -> NDArray[np.float32]:
    levels = np.maximum(features.frames[..., :INHARMONICITY], np.float32(FLOOR_DB))
    return np.asarray(levels.reshape(len(levels), -1))


def pca_frames(train: Features, targets: Features, components: int, seed: int) -> Frames:
    """Levels of the targets through the components that explain the training sounds best; B as it was."""
    pca = PCA(components, svd_solver="randomized", random_state=seed).fit(_flat(train))
    levels = pca.inverse_transform(pca.transform(_flat(targets)))
    frames = targets.frames.copy()
    frames[..., :INHARMONICITY] = levels.reshape(frames[..., :INHARMONICITY].shape)
    frames[..., CENTS:] = 0
    return frames


def nearest_frames(train: Features, targets: Features) -> Frames:
    """Frames of the training sound whose levels are nearest (root mean square), whatever its pitch."""
    known, wanted = _flat(train), _flat(targets)
    squares = (known**2).sum(1)
    place = np.argmin(squares[None] - 2 * wanted @ known.T, axis=1)
    frames: Frames = train.frames[place].copy()
    frames[..., CENTS:] = 0
    return frames
