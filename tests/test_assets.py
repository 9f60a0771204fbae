"""Files that travel with the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolace import assets


def test_in_a_checkout_they_stand_at_the_top() -> None:
    """Beside the package."""
    assert assets.asset("prompts") == Path(assets.__file__).parent.parent / "prompts"


def test_in_a_wheel_they_lie_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And come first; what is nowhere is named."""
    (tmp_path / "toolace" / "_assets" / "prompts").mkdir(parents=True)
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path / "toolace")
    assert assets.asset("prompts") == tmp_path / "toolace" / "_assets" / "prompts"
    with pytest.raises(FileNotFoundError, match="'configs' is neither in"):
        assets.asset("configs")
