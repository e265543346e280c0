"""Where parallel work runs: the cores of this machine, or a Ray cluster through joblib's Ray backend."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from joblib import Parallel, delayed, parallel_config
from tqdm import tqdm

from .errors import UserError

T = TypeVar("T")


def run_all(work: Callable[..., T], arguments: Iterable[tuple[Any, ...]], progress: "tqdm[Any]", size: int = 1) -> list[T]:
    """Calls `work` with each of `arguments` on the workers that are set, and returns what they gave, in their order; the progress bar moves
    by `size` for each. The first error ends it."""
    return list(_Watched(progress, size)(delayed(work)(*some) for some in arguments))


class _Watched(Parallel):  # type: ignore[misc] # joblib has no types
    """joblib's Parallel with our progress bar: joblib's own generators, which could drive one, do not work on Ray."""

    def __init__(self, progress: "tqdm[Any]", size: int) -> None:
        super().__init__()
        self._progress = progress
        self._size = size
        self._begun = progress.n

    def print_progress(self) -> None:
        """joblib calls this whenever a task is done."""
        done = self._begun + self.n_completed_tasks * self._size
        self._progress.update(min(done, self._progress.total) - self._progress.n)


@contextmanager
def workers(jobs: int, cluster: str | None = None) -> Iterator[None]:
    """Within it, joblib runs on `jobs` processes (-1: one a core), or on the Ray cluster at `cluster` ("auto", "host:port").

    A cluster's machines have to see the same checkout and cache under the same paths. Raises UserError when Ray is missing or no cluster
    answers.
    """
    if cluster is None:
        with parallel_config(n_jobs=jobs):
            yield
        return
    _connect(cluster)
    with parallel_config("ray", n_jobs=jobs):
        yield


def _connect(address: str) -> None:
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError as error:
        raise UserError("--cluster needs Ray: pip install -e './model-export[cluster]' into this Python (docs/training.md).") from error
    try:
        ray.init(address=address, ignore_reinit_error=True, log_to_driver=False)
    except (ConnectionError, OSError, ValueError, RuntimeError) as error:
        raise UserError(f"No Ray cluster answers at {address}: {error}. Start one with: ray start --head.") from error
    register_ray()
