"""Fetches and converts the embedded learner, so that later runs need no network: `python -m toolace.complexity.learners`."""

from __future__ import annotations

import sys

from toolace.complexity.learners import EXTRA, is_installed
from toolace.errors import UserMistake


def main() -> int:
    """0 when the learner is ready; 2, and one line on stderr, when it cannot be had."""
    try:
        if not is_installed():
            raise UserMistake(f"the learner extra is not installed; {EXTRA}")
        from toolace.complexity.learners.converted import converted
        from toolace.complexity.learners.smollm2 import gguf_path

        print(f"the learner is in {converted(gguf_path())}")
    except UserMistake as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
