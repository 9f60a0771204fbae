"""What the readers of all formats share: refusals that name the place, and what rows of others leave out."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic_core import from_json

from toolace.errors import ToolaceError
from toolace.formats.rows import Row, result_value
from toolace.records import Dialog, Message, ToolCall, compact, kind_of_turn, richest, turns_of

T = TypeVar("T")

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_NAMES: dict[type, str] = {str: "text", dict: "an object", list: "a list"}


class RowError(ToolaceError):
    """A row that does not follow its format; the message names the place (JSON pointer), what was expected and what is
    there."""

    def __init__(self, where: str, expected: str, got: Any):
        self.where = where
        super().__init__(f"{where or '/'}: expected {expected}, got {_SHORT.repr(got)}")


def result_text(value: Any) -> str:
    """The inverse: JSON for a value, and a text as it is unless it would read as a value itself."""
    if isinstance(value, str) and result_value(value) == value:
        return value
    return compact(value)


def member(node: Row, key: str, kind: type[T], where: str, default: T | None = None) -> T:
    """`node[key]`, which must be of this type; `default` where it is absent or null. Raises RowError."""
    value = node.get(key)
    if value is None and default is not None:
        return default
    if value is None and key not in node:
        raise RowError(where, f"the key {key!r}", sorted(map(str, node)))
    return of_type(value, kind, f"{where}/{key}")


def of_type(value: Any, kind: type[T], where: str) -> T:
    """The value itself, which must be of this type. Raises RowError."""
    if not isinstance(value, kind):
        raise RowError(where, _NAMES.get(kind, kind.__name__), value)
    return value


def from_text(text: str, where: str) -> Any:
    """The JSON value a text spells. Raises RowError. NaN, lone surrogates and deep nesting are refused."""
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise RowError(where, f"JSON ({error})", text) from None


def read_tools(value: Any, where: str) -> tuple[dict[str, Any], ...]:
    """Tools from a list, or from its JSON text; bare function objects are wrapped. Raises RowError."""
    listed = from_text(value, where) if isinstance(value, str) else value
    tools: list[dict[str, Any]] = []
    for at, tool in enumerate(of_type(listed or [], list, where)):
        whole = of_type(tool, dict, f"{where}/{at}")
        wrapped = whole if "function" in whole else {"type": "function", "function": whole}
        function = member(wrapped, "function", dict, f"{where}/{at}")
        member(function, "name", str, f"{where}/{at}/function")
        tools.append(wrapped)
    return tuple(tools)


def foreign_dialog(index: int, messages: Iterable[Message], tools: tuple[dict[str, Any], ...]) -> Dialog:
    """A dialog from a row: `index` counts rows from 0; turns and kind are what the messages show."""
    spoken = tuple(messages)
    turns = turns_of(spoken)
    kind = richest([turn.kind for turn in turns]) if turns else kind_of_turn(spoken)
    return Dialog(id=f"row-{index:07d}", kind=kind, turns=turns, tools=tools, messages=spoken)


class Ids:
    """Hands out call ids where a format has none, and finds the call that a result answers."""

    def __init__(self) -> None:
        self._count = 0
        self._open: list[ToolCall] = []

    @property
    def waiting(self) -> int:
        """How many calls have no result yet."""
        return len(self._open)

    def next(self) -> str:
        """`call_1`, `call_2`, … through the dialog."""
        self._count += 1
        return f"call_{self._count}"

    def called(self, calls: Iterable[ToolCall]) -> None:
        """Takes up the calls of an assistant message."""
        self._open += calls

    def answered(self, id: str | None = None, name: str | None = None) -> tuple[str | None, str | None]:
        """(id, name) of the call that a result answers: by id, else the first open one of that name, else the first
        open one.

        What fits no open call keeps what it says of itself; that is for the rules to find.
        """
        fitting = [call for call in self._open if id in (None, call.id) and name in (None, call.function.name)]
        if not fitting and id is None:
            fitting = self._open[:1] if name is None else []
        if not fitting:
            return id, name
        self._open.remove(fitting[0])
        return fitting[0].id, name or fitting[0].function.name
