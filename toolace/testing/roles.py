"""Every role of the pipeline by name, as a server needs them to read a context that came over HTTP."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from toolace.roles import Role

STAGES = ("toolace.synth_apis", "toolace.gen_dialogs", "toolace.verify")


def roles() -> dict[str, Role[Any, Any]]:
    """Name -> Role for all Role instances in the stages' modules. Raises ValueError when two roles share a name."""
    found: dict[str, Role[Any, Any]] = {}
    for stage in STAGES:
        package = importlib.import_module(stage)
        names = [module.name for module in pkgutil.walk_packages(package.__path__, f"{stage}.")]
        for name in [stage, *names]:
            for value in vars(importlib.import_module(name)).values():
                if isinstance(value, Role) and found.setdefault(value.name, value) is not value:
                    raise ValueError(f"{name}: another role is named {value.name!r} as well")
    return found
