"""Configuration files: YAML read into checked, frozen models; an error names the file, the key and what was expected."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import UserError


class Settings(BaseModel):
    """Base of every configuration: immutable, and a key nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Settings)


def read_settings(path: Path, kind: type[S]) -> S:
    """The settings of a YAML file; raises UserError with one sentence per mistake."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise UserError(f"The configuration {path} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise UserError(f"The configuration {path} is not YAML: {error}.") from error
    return check_settings(content, kind, str(path))


def check_settings(content: object, kind: type[S], source: str) -> S:
    """`content` as settings of that kind; `source` is named in errors."""
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        mistakes = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'the whole'}: {e['msg']}" for e in error.errors())
        raise UserError(f"The configuration {source} does not fit: {mistakes}.") from error
