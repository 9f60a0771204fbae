"""What can go wrong, and who must act.

`UserMistake`: found before or instead of work; one line on stderr, exit code 2. `ReplyError`: a role's reply never
became valid; the record is errored and owed again, exit code 1. `Stopped`: `--max-cost` is reached, or the endpoint is
down; the run stops cleanly, exit code 1, and can be resumed. Anything else is a bug and shows its traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ToolaceError(Exception):
    """Base of the errors this package raises on purpose."""


class UserMistake(ToolaceError):
    """Bad option, config, path or workspace: the message says what, where and what next, in one line."""


class ReplyError(ToolaceError):
    """A role could not be answered: no valid reply within the bounded attempts, or the endpoint kept failing."""


class Unanswerable(ReplyError):
    """The question itself has no valid answer (a tool whose arguments cannot be drawn): another one must be put."""


class GivenUp(ReplyError):
    """The endpoint kept failing; the question may well have an answer."""


class Stopped(ToolaceError):
    """The run cannot go on now; what is finished stays finished, and the same command goes on later."""


class BudgetSpent(Stopped):
    """The cost limit is reached."""


class EndpointDown(Stopped):
    """One request after the other was given up at an endpoint, and none answered in between."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint for a misspelt name: `; did you mean 'seed'?`, or nothing when nothing is close."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]!r}?" if found else ""
