"""Where parallel work runs: the cores of this machine, or a Ray cluster through joblib's Ray backend."""

from collections.abc import Iterator
from contextlib import contextmanager

from joblib import parallel_config

from .errors import UserError


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
        raise UserError("--cluster needs Ray, which is not installed: pip install './model-export[cluster]'.") from error
    try:
        ray.init(address=address, ignore_reinit_error=True, log_to_driver=False)
    except (ConnectionError, OSError, ValueError, RuntimeError) as error:
        raise UserError(f"No Ray cluster answers at {address}: {error}. Start one with: ray start --head.") from error
    register_ray()
