"""The workspace made by hand, as a fixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.report.handmade import fill_workspace
from toolace.shards import Workspace


@pytest.fixture
def filled(workspace: Path) -> Workspace:
    """Two APIs, four dialogs, three of them verified, two paid replies."""
    return fill_workspace(workspace)
