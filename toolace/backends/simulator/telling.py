"""How the simulated assistant reports a result: by the definition's own sentence, or field by field."""

from __future__ import annotations

import random
import re
from typing import Any

from toolace.meaning import kind_of, words
from toolace.records import Api
from toolace.semantics import ANNOTATION
from toolace.wording import MONTHS, joined, money_forms, plain_number, split_datetime, unit_for, with_unit

_HOLE = re.compile(r"\{(#?[A-Za-z0-9_.]+)\}")
_ONE_OF_MANY = re.compile(r"\b1 ([a-z]{3,}s)\b")
_MISSING = object()
FIELDS = 4
"""Fields a report names where the definition has no sentence of its own."""


def told(api: Api, arguments: dict[str, Any], result: Any, rng: random.Random) -> str:
    """One or two sentences on a result; an error or an empty result is reported as what it is."""
    if isinstance(result, dict) and "error" in result:
        reason = str(result["error"]).rstrip(".")
        return rng.choice(_PASSING if _PASSES.search(reason) else _FAILED).format(reason)
    if _is_empty(result):
        return rng.choice(_NOTHING)
    template = api.returns.get(ANNOTATION, {}).get("tell")
    if template and (text := _filled(str(template), api, arguments, result)):
        return text + _included(api, arguments, result)
    return _listed(api, result, rng)


def _included(api: Api, arguments: dict[str, Any], result: Any) -> str:
    """What was asked for on top (`include_stations`), each by the sentence of its own that the field carries."""
    text = ""
    for name, schema in api.returns.get("properties", {}).items():
        notes = schema.get(ANNOTATION, {}) if isinstance(schema, dict) else {}
        if "when" in notes and "tell" in notes and isinstance(result, dict) and name in result:
            inner = api.model_copy(update={"returns": schema})
            text += f" {_filled(str(notes['tell']), inner, arguments, result[name]) or ''}".rstrip()
    return text


_PASSES = re.compile(r"time[d ]?.?out|unavailable|too many|try again|later|busy|temporar", re.I)
_PASSING = (
    "That did not work: {}. Shall I try again in a moment?",
    "The request failed with this message: {}. I can try once more a little later.",
    "I ran into a problem: {}. Should I try it again?",
    "Not this time, I'm afraid: {}. Tell me when I should try again.",
)
_FAILED = (
    "That did not work: {}. Would you like to try something else?",
    "The request failed with this message: {}. I can try again with other values if you like.",
    "I ran into a problem: {}. How would you like to go on?",
    "Unfortunately this could not be done. The reason given: {}. Should I try it in another way?",
    "No luck this time: {}. Tell me if I should change something and try again.",
    "I'm sorry, I couldn't complete this. The system reports: {}.",
)
_NOTHING = (
    "Nothing was found for this request. Should I widen the search?",
    "The search came back empty. Would other values be an option?",
    "There are no results for that. Would you like to change something?",
    "I looked, but there is nothing that matches.",
    "No entries came back, so there is nothing to show. Shall I try with different values?",
    "I'm afraid the result is empty. If you loosen one of your conditions, I'll gladly try again.",
)


def _is_empty(result: Any) -> bool:
    if isinstance(result, dict):
        lists = [value for value in result.values() if isinstance(value, list)]
        return bool(lists) and not any(lists)
    return result in ([], None)


def _filled(template: str, api: Api, arguments: dict[str, Any], result: Any) -> str | None:
    """The template with its holes filled; None when a hole has no value in this result."""
    missing = False

    def fill(match: re.Match[str]) -> str:
        nonlocal missing
        hole = match[1]
        path = hole.lstrip("#").split(".")
        value, schema = _looked_up(result, api.returns, path)
        if value is _MISSING:
            value, schema = _looked_up(arguments, api.parameters, path)
        if value is _MISSING:
            missing = True
            return ""
        if hole.startswith("#"):
            return str(len(value)) if isinstance(value, list) else "1"
        return said(value, schema, path[-1])

    text = _HOLE.sub(fill, _unrolled(template, api, result))
    return None if missing else _ONE_OF_MANY.sub(lambda match: f"1 {unit_for(1, match[1])}", text)


def _unrolled(template: str, api: Api, result: Any) -> str:
    """The template with what it says of a list's items said item by item: `A at 5 EUR and B at 7 EUR`, not `A and B
    at 5 EUR and 7 EUR`."""
    holes = [match for match in _HOLE.finditer(template) if "." in match[1] and not match[1].startswith("#")]
    roots = {match[1].rpartition(".")[0] for match in holes}
    if len(holes) < 2 or len(roots) != 1:
        return template
    root = roots.pop()
    items, schema = _looked_up(result, api.returns, root.split("."))
    start, end = holes[0].start(), holes[-1].end()
    if not isinstance(items, list) or len(items) < 2 or template[start:end].count("{") != len(holes):
        return template
    segment = re.sub(
        r",? (?=(?:at|for|on|in|from|by|with|each|weighing|costing|due|until)\b)", " ", template[start:end]
    )
    pieces: list[str] = []
    for item in items:
        piece = segment
        for match in holes:
            name = match[1].rpartition(".")[2]
            if not isinstance(item, dict) or name not in item:
                return template
            inner = schema.get("items", {}).get("properties", {}).get(name, {})
            piece = piece.replace(match[0], said(item[name], inner, name).replace("{", "(").replace("}", ")"))
        pieces.append(piece)
    if any(", " in piece or " and " in piece for piece in pieces):
        return template[:start] + "; ".join(pieces) + template[end:]
    return template[:start] + joined(pieces) + template[end:]


def _looked_up(node: Any, schema: dict[str, Any], path: list[str]) -> tuple[Any, dict[str, Any]]:
    """The value at a path, through every item of a list on the way, and its schema."""
    for at, step in enumerate(path):
        if isinstance(node, list):
            items = schema.get("items", {})
            found = [_looked_up(one, items, path[at:]) for one in node]
            values = [value for value, _ in found if value is not _MISSING]
            return (values, {"type": "array", "items": found[0][1]}) if values else (_MISSING, {})
        if not isinstance(node, dict) or step not in node:
            return _MISSING, {}
        node, schema = node[step], schema.get("properties", {}).get(step, {})
    return node, schema


def said(value: Any, schema: dict[str, Any], name: str) -> str:
    """A value in an assistant's sentence: with its unit, dates in words."""
    notes = schema.get(ANNOTATION, {})
    if isinstance(value, list):
        return joined(list(dict.fromkeys(said(one, schema.get("items", {}), name) for one in value)))
    if isinstance(value, dict):
        inner = schema.get("properties", {})
        return joined([f"{words(key)} {said(one, inner.get(key, {}), key)}" for key, one in value.items()])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if notes.get("type") == "money" and notes.get("unit"):
            return money_forms(value, str(notes["unit"]))[0]
        if kind_of(name, schema) == "percent":
            return f"{plain_number(value)}%"
        return with_unit(plain_number(value), value, str(notes["unit"])) if notes.get("unit") else plain_number(value)
    return _said_text(str(value), "enum" in schema)


def _said_text(value: str, is_enum: bool) -> str:
    if parts := split_datetime(value):
        return f"{_said_text(parts[0], False)} at {parts[1]}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        year, month, day = value.split("-")
        return f"{int(day)} {MONTHS[int(month) - 1]} {year}"
    return value.replace("_", " ") if is_enum else value


def _listed(api: Api, result: Any, rng: random.Random) -> str:
    """A result field by field, for definitions without a sentence."""
    fields = _leaves(result, api.returns)
    if not fields:
        return rng.choice(("That is done.", "The request went through.", "It worked, there is nothing else to report."))
    pieces = [f"{words(name)} {said(value, schema, name)}" for name, value, schema in fields[:FIELDS]]
    if isinstance(result, bool | int | float | str):
        return rng.choice(("The answer is {}.", "The result is {}.", "I got {}.")).format(
            said(result, api.returns, "result")
        )
    return rng.choice(_REPORTS).format(joined(pieces))


_REPORTS = (
    "The result shows {}.",
    "What came back: {}.",
    "Here are the details: {}.",
    "This is what I got: {}.",
    "The main points are {}.",
)


def _leaves(node: Any, schema: dict[str, Any]) -> list[tuple[str, Any, dict[str, Any]]]:
    if isinstance(node, bool | int | float | str):
        return [("result", node, schema)]
    if isinstance(node, list):
        return _leaves(node[0], schema.get("items", {})) if node else []
    if not isinstance(node, dict):
        return []
    properties = schema.get("properties", {})
    own = [
        (name, value, properties.get(name, {})) for name, value in node.items() if not isinstance(value, dict | list)
    ]
    for name, value in node.items():
        if isinstance(value, dict | list) and value:
            own += _leaves(value, properties.get(name, {}))
    return own
