"""Dialogs written by hand (dialogs.yaml), by name."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from toolace.records import Dialog

NAMED = yaml.safe_load((Path(__file__).parent / "dialogs.yaml").read_text(encoding="utf-8"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `any_dialog` runs once for each of them."""
    if "any_dialog" in metafunc.fixturenames:
        metafunc.parametrize("any_dialog", [Dialog.model_validate(one) for one in NAMED.values()], ids=list(NAMED))


@pytest.fixture(scope="session")
def dialogs() -> dict[str, Dialog]:
    """All of them."""
    return {name: Dialog.model_validate(one) for name, one in NAMED.items()}
