"""Conventions of naming and describing parameters, so that APIs for the same purpose do not look as if one hand had
written them all: `max_price` or `price_max`, `rooms` or `number_of_rooms`, terse descriptions or ones with range,
example and default."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

from toolace.backends.simulator.describing import with_article
from toolace.backends.simulator.patterns import matching
from toolace.backends.simulator.reshaping import moved_names, renamed
from toolace.semantics import ANNOTATION
from toolace.synth_apis.tree import singular

Schema = dict[str, Any]
_Note = Callable[[str], str]

_ID = re.compile(r"_ids?$")
_BOUND = re.compile(r"^(max|min)_(.+)$")
_DATED = re.compile(
    r"(^|_)(date|day|days|on|at|when|month|week|year|time|by|before|after|since|from|to|until|deadline|with)(_|$)"
)
_LEFT_OUT = re.compile(r"\b(left out|optional|otherwise|if given)\b")
_WHOLE = {
    "max": ("maximum_{}", "{}_max", "highest_{}", "{}_limit"),
    "min": ("minimum_{}", "{}_min", "lowest_{}", "{}_min"),
}
_EXTREMES = ("Highest", "Lowest")
"""Openings of descriptions that allow names such as `highest_price`."""
_SHORT_UNITS = {
    "minutes": "minutes",
    "hours": "hours",
    "days": "days",
    "weeks": "weeks",
    "months": "months",
    "years": "years",
    "seconds": "seconds",
    "km": "km",
    "m": "m",
    "cm": "cm",
    "mm": "mm",
    "kg": "kg",
    "g": "grams",
    "ml": "ml",
    "kWh": "kwh",
    "kW": "kw",
    "GB": "gb",
    "MB": "mb",
    "EUR": "eur",
    "USD": "usd",
    "percent": "percent",
}
_LONGER = {
    "city": ("city_name", "town"),
    "country": ("country_name",),
    "email": ("email_address", "mail"),
    "phone": ("phone_number",),
    "language": ("language_name",),
    "person_name": ("{}_name",),
    "company": ("{}_name",),
    "url": ("{}_url", "{}_link"),
    "file_name": ("{}_name",),
    "street_address": ("{}_address",),
}


def with_conventions(parameters: Schema, returns: Schema, rng: random.Random) -> tuple[Schema, Schema]:
    """The definition in one house's naming conventions: identifiers, bounds, counts, units and dates."""
    suffix = rng.choice(("_id", "_id", "_ref", "_number", "_code", "_key"))
    if suffix != "_id":
        parameters, returns = (
            renamed(one, lambda name: _ID.sub(lambda match: suffix + match[0][3:], name))
            for one in (parameters, returns)
        )
    share = rng.choice((0.5, 0.8, 1.0))
    habits = {
        habit: (rng.random() < share, rng.random()) for habit in ("bound", "unit", "count", "day", "kind", "choice")
    }
    moved: dict[str, str] = {}
    taken = set(parameters["properties"]) | set(returns.get("properties", {}))
    for name, one in parameters["properties"].items():
        habit, options = _names(name, one)
        is_habit, place = habits[habit]
        new = options[int(place * len(options))] if options and is_habit else name
        if new not in taken:
            moved[name] = new
            taken.add(new)
    return moved_names(parameters, returns, moved)


def _names(name: str, one: Schema) -> tuple[str, list[str]]:
    """Other names by which the same parameter could go, and the habit that chooses among them: a house names all its
    bounds, counts and units in one way."""
    notes = one.get(ANNOTATION, {})
    kind, unit = str(notes.get("type", "")), str(notes.get("unit", ""))
    if match := _BOUND.match(name):
        forms = [form for form in _WHOLE[match[1]] if "est_" not in form or _is_extreme(one)]
        return "bound", [form.format(match[2]) for form in forms]
    if one.get("type") in ("integer", "number") and unit in _SHORT_UNITS and _SHORT_UNITS[unit] not in name:
        return "unit", [f"{name}_{_SHORT_UNITS[unit]}", f"{name}_in_{_SHORT_UNITS[unit]}"]
    if one.get("type") == "integer" and unit not in _SHORT_UNITS and name == unit.replace(" ", "_"):
        return "count", [f"number_of_{name}", f"num_{name}", f"{singular(name)}_count"]
    if one.get("format") == "date":
        if name == "day":
            return "day", ["date"]
        return "day", [] if _DATED.search(name) else [f"{name}_date"]
    if "enum" in one and "_" not in name and re.match(r"(?:Kind|Type|Sort) of", str(one.get("description", ""))):
        return "choice", [f"{name}_type"] if name not in ("kind", "type", "sort") else ["type", "kind", "category"]
    return "kind", _longer(name, kind)


def _is_extreme(one: Schema) -> bool:
    return str(one.get("description", "")).startswith(_EXTREMES)


def _longer(name: str, kind: str) -> list[str]:
    """The name with what it holds: `city` as `city_name`, `contact` as `contact_name`."""
    found: list[str] = []
    for form in _LONGER.get(kind, ()):
        if "{}" not in form and name == kind:
            found.append(form)
        elif "{}" in form and not name.endswith(_SAID_ALREADY):
            found.append(form.format(name))
    return found


_SAID_ALREADY = (
    "name",
    "url",
    "link",
    "address",
    "file",
    "site",
    "by",
    "to",
    "from",
    "with",
    "for",
    "about",
    "of",
    "who",
)


def detailed(parameters: Schema, share: float, rng: random.Random) -> Schema:
    """Parameter descriptions with what a reader may need beside: range, form, example, default; `share` of them get
    one to three of these."""
    required = set(parameters.get("required", ()))
    properties: dict[str, Schema] = {}
    for name, one in parameters["properties"].items():
        text = str(one.get("description", "")).rstrip(".")
        if text and rng.random() < share:
            offered = _notes(one, is_said=name in required, rng=rng)
            count = min(len(offered), rng.choices((1, 2, 3), (0.4, 0.4, 0.2))[0])
            for at in sorted(rng.sample(range(len(offered)), count)):
                text = rng.choice(offered[at])(text)
        inner = detailed(one, share / 2, rng) if one.get("type") == "object" and one.get("properties") else one
        properties[name] = {**inner, "description": text} if text else inner
    return {**parameters, "properties": properties}


def in_manner(parameters: Schema, rng: random.Random) -> Schema:
    """Parameter descriptions in one house's manner: as they are, with an article, ending in a full stop, opening with
    `Required.` and `Optional.`, or several of these."""
    has_article, has_stop, is_marked = rng.random() < 0.35, rng.random() < 0.3, rng.random() < 0.12
    required = set(parameters.get("required", ()))

    def put(name: str, one: Schema) -> Schema:
        text = str(one.get("description", ""))
        if not text:
            return one
        text = with_article(text) if has_article and one.get("type") != "boolean" else text
        if is_marked:
            text = f"{'Required' if name in required else 'Optional'}. {text.removesuffix('; optional')}"
        return {**one, "description": f"{text}." if has_stop and text[-1].isalnum() else text}

    return {**parameters, "properties": {name: put(name, one) for name, one in parameters["properties"].items()}}


def _notes(one: Schema, *, is_said: bool, rng: random.Random) -> list[list[_Note]]:
    """Ways to say more about a parameter, those that say the same in one list, in the order in which they can stand
    together; each takes the description and gives a longer one."""
    notes = one.get(ANNOTATION, {})
    low, high, default = one.get("minimum"), one.get("maximum"), one.get("default")
    found: list[list[_Note]] = []
    if one.get("type") == "boolean":
        found.append([lambda text: re.sub(r"^Whether (?!to )(?=\w)", "True if ", text)])
    if low is not None and high is not None and one.get("type") in ("integer", "number"):
        found.append([lambda text: f"{text} ({low} to {high})", lambda text: f"{text}; between {low} and {high}"])
    if 2 <= len(one.get("enum", ())) <= 5:
        said = ", ".join(map(str, one["enum"][:-1]))
        found.append([lambda text: f"{text}: {said} or {one['enum'][-1]}"])
    if (values := notes.get("values")) and "enum" not in one:
        example = rng.choice(values)
        found.append([lambda text: f"{text}, for example {example!r}", lambda text: f"{text} (e.g. {example})"])
    found += _form(one, notes, rng)
    if one.get("type") == "array" and one.get("maxItems"):
        found.append([lambda text: f"{text}, {one.get('minItems', 0)} to {one['maxItems']} entries"])
    if isinstance(default, bool):
        found.append([lambda text: f"{text}; {'on' if default else 'off'} by default"])
    elif default is not None:
        found.append([lambda text: f"{text}; {default} when left out", lambda text: f"{text}. Defaults to {default}"])
    is_said = is_said or bool(_LEFT_OUT.search(str(one.get("description", ""))))
    if default is None and one.get("type") != "boolean" and not is_said:
        found.append([lambda text: f"{text}; optional"])
    return found


def _form(one: Schema, notes: Schema, rng: random.Random) -> list[list[_Note]]:
    """How a date, a time or an identifier is written."""
    if one.get("format") == "date":
        return [[lambda text: f"{text}, as YYYY-MM-DD", lambda text: f"{text} (ISO 8601 date)"]]
    if one.get("format") == "date-time":
        return [[lambda text: f"{text}, in ISO 8601 form", lambda text: f"{text} (date and time)"]]
    if notes.get("type") == "time":
        return [[lambda text: f"{text}, as HH:MM", lambda text: f"{text} (24-hour clock)"]]
    if str(notes.get("type", "")).startswith("id(") and "pattern" in one:
        code = matching(one["pattern"], rng)
        is_named = re.search(r"identifier|number|code|key|reference", str(one.get("description", "")), re.I)
        by_itself = [] if is_named else [lambda text: f"{text}, by its identifier"]
        return [[lambda text: f"{text}, such as {code}", *by_itself]]
    return []
