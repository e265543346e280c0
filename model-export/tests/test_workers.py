"""Where parallel work runs, and how its progress is told. A cluster is stood for by joblib's threads: Ray itself is an extra."""

import sys
import threading
from types import ModuleType

import joblib
import pytest
from joblib.parallel import ThreadingBackend
from tqdm import tqdm

from timbrefold_export.cli import main
from timbrefold_export.errors import UserError
from timbrefold_export.workers import run_all, workers

GREETED: list[str] = []


def where(number: int) -> tuple[int, bool]:
    return number, threading.current_thread() is threading.main_thread()


@pytest.fixture
def ray(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A Ray whose cluster is this process' threads, at "here:1" only."""

    class Ray(ModuleType):
        def init(self, address: str, **_: object) -> None:
            GREETED.append(address)
            if address != "here:1":
                raise ConnectionError(f"nobody at {address}")

    package, util, backend = Ray("ray"), ModuleType("ray.util"), ModuleType("ray.util.joblib")
    backend.__dict__["register_ray"] = lambda: joblib.register_parallel_backend("ray", ThreadingBackend)
    for module in (package, util, backend):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    GREETED.clear()
    return package


@pytest.mark.parametrize("jobs", [1, 2])
def test_work_runs_here_and_is_told_part_by_part(jobs: int) -> None:
    with tqdm(total=7, initial=2) as progress, workers(jobs):
        assert [number for number, _ in run_all(where, [(3,), (1,), (2,)], progress, size=2)] == [3, 1, 2]
        assert progress.n == 7


def test_a_cluster_takes_the_work(ray: ModuleType) -> None:
    with tqdm(total=8) as progress, workers(2, "here:1"):
        assert run_all(where, [(number,) for number in range(8)], progress) == [(number, False) for number in range(8)]
        assert progress.n == 8
    assert GREETED == ["here:1"]


def test_a_cluster_that_does_not_answer_is_named(ray: ModuleType) -> None:
    with pytest.raises(UserError, match=r"No Ray cluster answers at there:2: nobody at there:2\. Start one"), workers(1, "there:2"):
        pass


def test_ray_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["features", "--corpus", "none", "--cluster", "auto"]) == 1
    assert "model-export[cluster]" in capsys.readouterr().err
