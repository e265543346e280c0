"""Where the built plug-in lies, and the scores that hosts play."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("TIMBREFOLD_NATIVE_BUILD", ROOT / "dist" / "native" / "release"))
ARTEFACTS = BUILD / "plugin" / "Timbrefold_artefacts" / "Release"

# Hosts play without a screen: a server that happens to run here, without a window manager, ends DawDreamer with a BadAtom.
os.environ["DISPLAY"] = ":9999"


def there(path: Path) -> Path:
    assert path.exists(), f"{path} is not there; build it by: npm run native plugin"
    return path


@pytest.fixture(scope="session")
def vst3() -> Path:
    return there(ARTEFACTS / "VST3" / "Timbrefold.vst3")


@pytest.fixture(scope="session")
def lv2() -> Path:
    return there(ARTEFACTS / "LV2" / "Timbrefold.lv2")


@pytest.fixture(scope="session")
def tools() -> Path:
    """Folder of the hosts that are built with the plug-in."""
    return there(BUILD / "hosts")


@pytest.fixture(scope="session")
def cli() -> list[str]:
    there(ROOT / "dist" / "cli.mjs")
    return ["node", str(ROOT / "dist" / "cli.mjs")]
