"""How the simulated assistant reports a result: by the definition's own sentence, or field by field."""

from __future__ import annotations

import random
import re
from typing import Any

from toolace.backends.simulator.presuming import presumed
from toolace.backends.simulator.reporting import reported, said
from toolace.records import Api
from toolace.semantics import ANNOTATION
from toolace.wording import MONTHS, joined, unit_for

_HOLE = re.compile(r"\{([#*]?[A-Za-z0-9_.]+)\}")
_ONE_OF_MANY = re.compile(
    r"(?<![\d.,:/-])\b1 ([a-z]{3,}s)\b(?: (that )?(have|are|were|fit|match|need|remain|wait|run|start|look|exist|share)\b)?"
)
_VERBS = {
    "have": "has",
    "are": "is",
    "were": "was",
    "match": "matches",
    "go": "goes",
    "fly": "flies",
    "reach": "reaches",
}
_ONE_THING = re.compile(r"(?<![\d.,:/-])\b1 ([a-z]{3,}) (have|are|were)\b")
_AT_A_DAY = re.compile(rf"\bat (\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}})")
_MISSING = object()


def told(api: Api, arguments: dict[str, Any], result: Any, rng: random.Random, *, beside: bool = False) -> str:
    """One or two sentences on a result, alone or `beside` an opening or others.

    An error or an empty result is reported as what it is.
    """
    if isinstance(result, dict) and "error" in result:
        reason = str(result["error"]).rstrip(".")
        return rng.choice(_PASSING if _PASSES.search(reason) else _FAILED).format(reason)
    if _is_empty(result):
        return rng.choice(_NOTHING)
    template = api.returns.get(ANNOTATION, {}).get("tell")
    if template and (text := _filled(str(template), api, arguments, result)):
        return text + _included(api, arguments, result)
    return reported(api.model_copy(update={"returns": presumed(api)}), arguments, result, rng, beside=beside)


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
        """A field of the result, else an argument, as it is said; `#` is a count, `*` a list written out."""
        nonlocal missing
        hole = match[1]
        path = hole.lstrip("#*").split(".")
        value, schema = _looked_up(result, api.returns, path)
        if value is _MISSING:
            value, schema = _looked_up(arguments, api.parameters, path)
        if value is _MISSING:
            missing = True
            return ""
        if hole.startswith("#"):
            return str(len(value)) if isinstance(value, list) else "1"
        if hole.startswith("*") and isinstance(value, list):
            return joined([said(one, schema.get("items", {}), path[-1]) for one in value])
        return said(value, schema, path[-1])

    text = _HOLE.sub(fill, _paired(_unrolled(template, api, result), result))
    if missing:
        return None
    text = _ONE_THING.sub(lambda match: f"1 {match[1]} {_VERBS[match[2]]}", _ONE_OF_MANY.sub(_of_one, text))
    return _AT_A_DAY.sub(r"on \1", text)


def _of_one(match: re.Match[str]) -> str:
    """`1 hotels have` -> `1 hotel has`."""
    verb = match[3]
    return f"1 {unit_for(1, match[1])}" + (f" {match[2] or ''}{_VERBS.get(verb, verb + 's')}" if verb else "")


_LEADING = re.compile(r"(?:(?<=\s)(?:at|of|for|in|on|by|with|from|to) )?[(\"]?$")
_CLOSING = re.compile(r"[)\"%]*")
_TRAILING = re.compile(
    r"(?: (?:an?|per|of|each|away|long|old|high|deep|wide|on|percent)\b[^.,;:{}()]{0,24}(?=[.,;:]|$))?"
)
_COMMA = re.compile(r",? (?=(?:at|for|on|in|from|by|with|each|weighing|costing|due|until)\b)")


def _unrolled(template: str, api: Api, result: Any) -> str:
    """The template with what it says of a list's items said item by item: `A at 5 EUR and B at 7 EUR`, not `A and B
    at 5 EUR and 7 EUR`."""
    holes = [match for match in _HOLE.finditer(template) if "." in match[1] and not match[1].startswith("#")]
    roots = {match[1].rpartition(".")[0] for match in holes}
    if len(holes) < 2 or len(roots) != 1:
        return template
    items, schema = _looked_up(result, api.returns, roots.pop().split("."))
    start, end = holes[0].start(), holes[-1].end()
    if not isinstance(items, list) or not items or template[start:end].count("{") != len(holes):
        return template
    end = _closed(template, start, end + len(_found(_CLOSING, template, end)))
    pieces: list[str] = []
    lead = _LEADING.search(template, 0, start)
    opening = lead[0] if lead else ""
    bracket = opening.lstrip("abcdefghijklmnopqrstuvwxyz ")
    before = template[: start - len(bracket)]
    segment = bracket + template[start:end]
    if bracket == "(" and ")" in segment and not segment.endswith(")"):  # `2 are late ({x}) by {y}`
        segment, before = segment.replace("(", "", 1).replace(")", "", 1), f"{before.rstrip()}: "
    segment = _VERB.sub(_of_one_thing, _COMMA.sub(" ", segment))
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
        tail = _found(_TRAILING, template, end)
        between = f"{tail}; {opening.removesuffix(bracket)}"
        return before + between.join(pieces) + template[end:].removeprefix(" respectively")
    return before + joined(pieces) + template[end:].removeprefix(" respectively")


def _of_one_thing(match: re.Match[str]) -> str:
    """`{name} have their birthdays` -> `{name} has a birthday`, said of each entry alone."""
    if their := match[3]:
        return f"{match[1]} has a {unit_for(1, their)}"
    return f"{match[1]} {_VERBS.get(match[2], match[2] + 's')}"


_SAID_OF_MANY = (
    "have are owe play deliver quote cost run start leave offer need take charge open close meet weigh measure come stand lie "
    "end begin depart arrive ship sell pay wait want hold show give ask live work write say appear rate score earn rank win lead "
    "expire fit lend stop fly sail go reach contain get bring add remain serve sit"
)
_VERB = re.compile(rf"(\{{[^}}]+\}}) ({'|'.join(_SAID_OF_MANY.split())})\b(?: their ([a-z]+s)\b)?")


def _closed(template: str, start: int, end: int) -> int:
    """The end of a segment, or that of the bracket in which it would break off: `({discount} off)`."""
    if template.count("(", start, end) <= template.count(")", start, end):
        return end
    closing = template.find(")", end)
    return closing + 1 if closing >= 0 and "{" not in template[end:closing] else end


def _found(pattern: re.Pattern[str], text: str, start: int) -> str:
    match = pattern.match(text, start)
    return match[0] if match else ""


def _paired(template: str, result: Any) -> str:
    """Two lists that stand apart in a sentence are read side by side: `A and B have access as reader and writer
    respectively`."""
    holes = [match for match in _HOLE.finditer(template) if "." in match[1] and not match[1].startswith("#")]
    roots = {match[1].rpartition(".")[0] for match in holes}
    if len(holes) < 2 or len(roots) != 1 or "respectively" in template:
        return template
    items, _ = _looked_up(result, {}, roots.pop().split("."))
    if not isinstance(items, list) or len(items) < 2:
        return template
    end = holes[-1].end()
    doubled = _HOLE.sub(lambda match: match[0].replace("{", "{*") if "." in match[1] else match[0], template[:end])
    return f"{doubled} respectively{template[end:]}"


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
