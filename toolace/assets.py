"""What travels with the package (prompts/, configs/, data/): at the top of a checkout, `_assets` of a wheel."""

from __future__ import annotations

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
