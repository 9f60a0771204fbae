"""A configuration as people write it: a YAML file, and `--set section.key=value` laid over it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import ValidationError

from toolace.config import Config
from toolace.errors import UserMistake, nearest


def load_config(path: Path | None, overrides: dict[str, Any] | None = None) -> Config:
    """Reads a YAML file (defaults without one) and lays `overrides` ("section.key": value) over it.

    Raises UserMistake naming the key, its file and the nearest valid key.
    """
    tree: dict[str, Any] = {}
    where = "options"
    if path is not None:
        tree, where = _read(path), str(path)
    for dotted, value in (overrides or {}).items():
        _lay(tree, dotted, value)
    try:
        return Config.model_validate(tree)
    except ValidationError as error:
        raise UserMistake(_explain(error, where)) from None


def parse_setting(text: str) -> tuple[str, Any]:
    """`section.key=value` of the command line; the value is read as YAML. Raises UserMistake."""
    dotted, sign, value = text.partition("=")
    if not sign or not dotted:
        raise UserMistake(f"--set {text!r}: expected section.key=value, such as --set gen_dialogs.votes=3")
    try:
        return dotted.strip(), yaml.safe_load(value)
    except yaml.YAMLError:
        raise UserMistake(f"--set {text!r}: the value is not YAML; quote it") from None


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserMistake(f"config {str(path)!r} does not exist; `toolace init` writes a commented one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserMistake(f"config {str(path)!r} cannot be read: {error}") from None
    except (yaml.YAMLError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = f" at line {line + 1}" if line is not None else ""
        raise UserMistake(
            f"config {str(path)!r} is not YAML{place}: {getattr(error, 'problem', 'bad nesting')}"
        ) from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise UserMistake(f"config {str(path)!r} holds {type(content).__name__}, not a mapping of sections")
    return content


def _lay(tree: dict[str, Any], dotted: str, value: Any) -> None:
    *sections, key = dotted.split(".")
    for name in sections:
        child = tree.setdefault(name, {})
        if not isinstance(child, dict):
            raise UserMistake(f"--set {dotted}: {name!r} is a value, not a section")
        tree = child
    tree[key] = value


def _explain(error: ValidationError, where: str) -> str:
    first = error.errors()[0]
    dotted = ".".join(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        hint = nearest(str(first["loc"][-1]), _keys_at(first["loc"][:-1])) or "; `toolace init` lists the keys"
        return f"{where}: unknown key {dotted!r}{hint}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{where}: {dotted}: {message}, got {first['input']!r}"


def _keys_at(path: tuple[int | str, ...]) -> list[str]:
    """Keys that are valid at a place of the tree."""
    kind: Any = Config
    for step in path:
        fields = getattr(kind, "model_fields", None)
        kind = fields[str(step)].annotation if fields and step in fields else (get_args(kind) or (None,))[-1]
    return list(getattr(kind, "model_fields", {}))
