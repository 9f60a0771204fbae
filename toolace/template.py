"""The commented configuration that `toolace init` writes: every key, its default, and what it means."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import yaml
from pydantic import BaseModel

from toolace.config import Config, Section

WIDTH = 100


def commented() -> str:
    """All of `Config` as YAML; what is written is what holds anyway, so any line may be deleted."""
    lines = ["# Configuration of toolace. Every line states its default: keep what you change, delete the rest."]
    return "\n".join(lines + _section(Config(), "")) + "\n"


def _section(section: Section, indent: str) -> list[str]:
    lines: list[str] = []
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        about = field.description or (_first_line(type(value)) if isinstance(value, Section) else None)
        if isinstance(value, Section):
            lines += ["", *_comment(about, indent), f"{indent}{name}:", *_section(value, indent + "  ")]
        else:
            lines += [*_comment(about, indent), f"{indent}{name}: {_flow(value)}"]
    return lines


def _comment(about: str | None, indent: str) -> list[str]:
    return [f"{indent}# {line}" for line in wrap(" ".join((about or "").split()), WIDTH)]


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().split("\n")[0]


def _flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, tuple):
        value = list(value)
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000, sort_keys=False, allow_unicode=True)
    return text.removesuffix("...\n").strip()
