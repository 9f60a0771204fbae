"""Sample consistency: do tools, calls, results, labels and plan say the same? (paper, section 2.3)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from toolace.records import Kind, Source, richest
from toolace.rules.found import Found, shown
from toolace.rules.schemas import misfits
from toolace.rules.tools import Tool
from toolace.rules.views import Call, Sample
from toolace.wording import spelled

_PLACEHOLDER: Final = re.compile(
    r"""\s*(?:unknown|n/?a|tbd|tba|to\ be\ (?:determined|provided|confirmed|announced)|not\ (?:specified|provided|given|known)
      |unspecified|placeholder|<[^<>]+>|\{[\w ]+\}|\[(?:your|insert|the)?[ _]?[a-z_ ]+\]|your[ _][\w ]+|insert[ _][\w ]+|x{3,}|\?+
      |user_?input|missing|undefined|null|none)?\s*""",
    re.I | re.X,
)
_SUSPECT: Final = frozenset(
    "unk n/a na tbd tba to not uns pla you ins xxx use mis und nul non".split()  # all in lower case
)
"""How placeholders in words begin."""
_ASKING: Final = ("missing_parameter", "ambiguous")
_SIMILAR: Final = 0.9
"""Share of words in common from which two descriptions describe the same tool."""


def results_fit_returns(sample: Sample) -> Iterator[Found]:
    """A result is JSON of the declared shape; one that reports an error is exempt."""
    for call in sample.calls:
        validator = call.tool.signature.results if call.tool is not None and call.answer is not None else None
        if validator is None or call.failed:
            continue
        for problem in misfits(validator, call.result)[:3]:
            message = f"the result of {shown(call.name)} at {problem.where or '/'}: {problem.message}"
            yield Found(f"/messages/{call.answer}/content", message, "tool")


def result_names_agree(sample: Sample) -> Iterator[Found]:
    """A tool message carries the name of the tool whose call it answers."""
    for call in sample.calls:
        name = sample.messages[call.answer].name if call.answer is not None else None
        if name is not None and name != call.name:
            yield Found(f"/messages/{call.answer}/name", f"{shown(name)} answers a call of {shown(call.name)}", "tool")


def dependent_arguments_equal_earlier_results(sample: Sample) -> Iterator[Found]:
    """What an argument is said to take from a result stands in that result; what carries a result's name has its value."""
    for source in sample.dialog.provenance or ():
        if source.source == "result" and (found := _not_there(sample, source)):
            yield found
    for call in sample.calls if len(sample.calls) > 1 else ():
        known: dict[str, list[Any]] | None = None
        for name, value in call.arguments.items():
            if not (_names_a_code(name) and _is_code(value)):
                continue
            known = _values_before(sample, call) if known is None else known
            if name in known and value not in known[name] and not _is_said(sample, call, str(value)):
                message = f"{shown(value)} is no {name!r} of an earlier result ({shown(known[name][-1])})"
                yield Found(call.argument(name), message)


def tools_are_called_when_offered(sample: Sample) -> Iterator[Found]:
    """A tool that is offered only from a later turn on is not called before it."""
    offered_at = {name: number for number, turn in enumerate(sample.dialog.turns) for name in turn.tools_added or ()}
    for call in sample.calls if offered_at else ():
        if call.turn < offered_at.get(call.name, 0):
            yield Found(f"{call.where}/function/name", f"{shown(call.name)} is offered only later")


def kind_label_is_true(sample: Sample) -> Iterator[Found]:
    """The kind of a turn is what its calls make it, and the dialog's kind that of its richest turn."""
    kinds = [_kind_of(sample, number) for number in range(len(sample.users))]
    turns = sample.dialog.turns
    for number, (turn, kind) in enumerate(zip(turns, kinds, strict=False)):
        if turn.kind != kind:
            yield Found(
                f"/turns/{number}/kind", f"the turn is labelled {turn.kind!r}, its calls make it {kind!r}", "definition"
            )
    if sample.dialog.kind != richest(kinds):
        message = f"the dialog is labelled {sample.dialog.kind!r}, its calls make it {richest(kinds)!r}"
        yield Found("/kind", message, "definition")


def required_values_were_given(sample: Sample) -> Iterator[Found]:
    """No call is made where a required value was never given: no placeholder, and none while something is missing."""
    for call in sample.calls:
        for name, value in call.arguments.items():
            if isinstance(value, str) and _is_placeholder(value) and _is_made_up(sample, call, name, value):
                severity = "error" if call.tool is not None and name in call.tool.signature.required else sample.odd
                yield Found(
                    call.argument(name), f"{shown(value)} stands for a value that nobody gave", "assistant", severity
                )
    for number, turn in enumerate(sample.dialog.turns):
        if turn.situation in _ASKING and (calls := sample.calls_in(number)):
            yield Found(calls[0].where, f"a call in a turn that lacks something ({turn.situation})")
    for at in dict.fromkeys(call.at for call in sample.calls):
        thought = sample.messages[at].thought
        if thought is not None and thought.missing:
            yield Found(f"/messages/{at}/thought/missing", f"a call while {thought.missing[0]!r} is missing")


def tool_names_are_unique(sample: Sample) -> Iterator[Found]:
    """No two tools of a dialog have the same name."""
    if len(sample.by_name) == len(sample.tools):
        return
    seen: set[str] = set()
    for at, tool in enumerate(sample.tools):
        if tool.name in seen:
            yield Found(f"/tools/{at}/function/name", f"{shown(tool.name)} is there twice", "definition")
        seen.add(tool.name)


def tool_choice_is_unique(sample: Sample) -> Iterator[Found]:
    """No other tool of the list does what the called one does: the same description, or nearly, and the same parameters."""
    for name in dict.fromkeys(call.name for call in sample.calls):
        tool = sample.by_name.get(name)
        for at, other in enumerate(sample.tools) if tool is not None else ():
            if other is not tool and other.name != name and tool is not None and _same(tool, other):
                message = f"{shown(other.name)} would do as well as {shown(name)}"
                yield Found(f"/tools/{at}", message, "definition", sample.odd)


def calls_are_not_repeated(sample: Sample) -> Iterator[Found]:
    """The same call is not made twice in one step, nor again in the same turn after it succeeded."""
    seen: dict[tuple[int, str, str], Call] = {}
    for call, written in zip(sample.calls, sample.argument_texts, strict=True):
        key = (call.turn, call.name, written)
        earlier = seen.get(key)
        if earlier is not None and not (earlier.at < call.at and earlier.failed):
            yield Found(
                call.where, f"the same call of {shown(call.name)} as in message {earlier.at}", "assistant", sample.odd
            )
        seen[key] = call


CHECKS: Final = (
    results_fit_returns,
    result_names_agree,
    dependent_arguments_equal_earlier_results,
    tools_are_called_when_offered,
    kind_label_is_true,
    required_values_were_given,
    tool_names_are_unique,
    tool_choice_is_unique,
    calls_are_not_repeated,
)


def _kind_of(sample: Sample, turn: int) -> Kind:
    calls = sample.calls_in(turn)
    if not calls:
        return "none"
    if calls[0].at != calls[-1].at:
        return "dependent"
    return "parallel" if len(calls) > 1 else "single"


def _same(tool: Tool, other: Tool) -> bool:
    if tool.takes != other.takes:
        return False
    one, two = tool.essence, other.essence
    return bool(one and two) and len(one & two) >= _SIMILAR * len(one | two)


def _is_placeholder(value: str) -> bool:
    is_suspect = not value[:1].isalnum() or value[:3].lower().rstrip() in _SUSPECT
    return is_suspect and _PLACEHOLDER.fullmatch(value) is not None


def _is_made_up(sample: Sample, call: Call, name: str, value: str) -> bool:
    """Whether the schema does not foresee such a value and nobody said it."""
    schema = call.tool.signature.schema_of(name) if call.tool is not None else {}
    if "enum" in schema or "const" in schema or schema.get("default") == value:
        return False
    return not value.strip() or not _is_said(sample, call, value.strip())


def _is_said(sample: Sample, call: Call, value: str) -> bool:
    forms = {value.lower(), (spelled(int(value)) if value.isdecimal() else None) or value.lower()}
    return any(form in text.text.lower() for text in sample.texts if text.at < call.at for form in forms)


def _values_before(sample: Sample, call: Call) -> dict[str, list[Any]]:
    """What the results before a call hold, by name."""
    known: dict[str, list[Any]] = {}
    for earlier in sorted(sample.calls, key=lambda one: one.answer or 0):
        if earlier.answer is not None and earlier.answer < call.at:
            _collect(earlier.result, known)
    return known


@lru_cache(maxsize=65536)
def _names_a_code(name: str) -> bool:
    """Whether an argument of this name is one that only a result or the user can give."""
    return name.lower().endswith(("id", "number", "code", "key", "ref", "token"))


def _is_code(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    return any(char.isdigit() for char in str(value))


def _collect(node: Any, known: dict[str, list[Any]]) -> None:
    if isinstance(node, dict):
        for name, value in node.items():
            if isinstance(value, dict | list):
                _collect(value, known)
            else:
                known.setdefault(name, []).append(value)
    elif isinstance(node, list):
        for one in node:
            _collect(one, known)


def _not_there(sample: Sample, source: Source) -> Found | None:
    """What is wrong with a value's claim to come from a result; None when it holds."""
    value = _resolved(sample, source.argument)
    at = _message_of(source.at or "")
    if value is _ABSENT or at is None or at >= len(sample.messages):
        return Found(source.argument, "the provenance points to nothing", "definition")
    result = next((call.result for call in sample.calls if call.answer == at), _ABSENT)
    if result is not _ABSENT and _holds(result, value):
        return None
    return Found(source.argument, f"{shown(value)} does not stand in the result of message {at}")


_ABSENT: Final = object()


def _message_of(pointer: str) -> int | None:
    parts = pointer.split("/")
    return int(parts[2]) if len(parts) > 3 and parts[1] == "messages" and parts[2].isdigit() else None


def _resolved(sample: Sample, pointer: str) -> Any:
    """The argument a pointer `/messages/4/tool_calls/0/function/arguments/…` names."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")]
    if len(parts) < 8 or not parts[2].isdigit() or not parts[4].isdigit():
        return _ABSENT
    where = "/".join(parts[:5])
    node: Any = next((call.arguments for call in sample.calls if call.where == where), _ABSENT)
    for part in parts[7:]:
        if isinstance(node, dict) and part in node:
            node = node[part]
        elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        else:
            return _ABSENT
    return node


def _holds(node: Any, value: Any) -> bool:
    if type(node) is type(value) and bool(node == value):
        return True
    if isinstance(node, dict):
        return any(_holds(one, value) for one in node.values())
    if isinstance(node, list):
        return any(_holds(one, value) for one in node)
    return bool(_plainly(node) == _plainly(value))


def _plainly(value: Any) -> Any:
    """Numbers of equal value and their text are the same."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else str(value)
