"""What travels with the package (prompts/, configs/, data/): at the top of a checkout, `_assets` of a wheel. And the cache."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).parent


def asset(name: str) -> Path:
    """The folder or file `name` ("prompts", "data/catalogue"). Raises FileNotFoundError when it is not installed."""
    for root in (_PACKAGE / "_assets", _PACKAGE.parent):
        if (path := root / name).exists():
            return path
    raise FileNotFoundError(
        f"{name!r} is neither in {_PACKAGE / '_assets'} nor in {_PACKAGE.parent}; reinstall toolace"
    )


def cache_folder() -> Path:
    """Where models, benchmarks and working copies of remote workspaces are kept; it may not exist yet."""
    return Path(os.environ.get("TOOLACE_CACHE") or Path.home() / ".cache" / "toolace")
