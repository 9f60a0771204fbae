"""The simulator's language: how a person would mention a value, a goal, a whole request. Assembled from the phrases
that
definitions carry; definitions without phrases get theirs from their descriptions."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from toolace.backends.simulator.mentions import switches, templates
from toolace.backends.simulator.placing import PREPOSITIONS, means_one_day, placed, says_part_of_day, suits, word_before
from toolace.backends.simulator.verbs import infinitive
from toolace.meaning import kind_of
from toolace.provenance import mentioned, searchable
from toolace.records import Api
from toolace.semantics import ANNOTATION
from toolace.wording import (
    CURRENCIES,
    date_forms,
    joined,
    money_forms,
    number_forms,
    plain_number,
    split_datetime,
    string_forms,
    time_forms,
    with_unit,
)

_HOW_WEIGHT = {"verbatim": 1.0, "formatted": 3.0, "spelled": 1.2, "relative": 2.5, "implicit": 1.6}
_NUMBER_WEIGHT = {"verbatim": 6.0, "formatted": 1.0, "spelled": 1.5, "implicit": 0.6, "relative": 1.0}
_NUMBERED = frozenset("page number question chapter grade level season episode row column line step bib".split())
_IDENTIFIER = re.compile(r"\d")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"\d\d:\d\d(:00)?")


class Phrasing:
    """Words for one dialog: one random generator, one day."""

    def __init__(self, rng: random.Random, today: str):
        self.rng = rng
        self.today = today
        self._goals: dict[str, str] = {}

    def value(self, value: Any, schema: dict[str, Any], name: str, before: str = "") -> str:
        """A value as a person says it after the word `before`."""
        notes = schema.get(ANNOTATION, {})
        if isinstance(value, list):
            items = schema.get("items", {})
            said = [self.value(one, items, name, before or "and") for one in value]
            if any(isinstance(one, dict | list) for one in value):
                return "; ".join(said[:-1]) + f"{'; and ' if said[:-1] else ''}{said[-1]}" if said else ""
            return joined(said)
        if isinstance(value, dict):
            return self._object(value, schema, before)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float):
            return plain_number(value) if before in _NUMBERED else self._number(value, schema, notes, name)
        return self._string(str(value), schema, name, before)

    def phrase(self, value: Any, schema: dict[str, Any], name: str) -> str:
        """A value inside the phrase by which a person would mention the parameter."""
        notes = schema.get(ANNOTATION, {})
        if isinstance(value, bool):
            said = str(self.rng.choice(notes.get("say" if value else "say_not") or [""]))
            if said and self.credited(said, value, schema, name):
                return said
            return str(self.rng.choice(switches(value, schema, name)))
        return self.phrased([value], schema, name)

    def phrased(self, values: Sequence[Any], schema: dict[str, Any], name: str, ending: str = "") -> str:
        """One phrase for several values of a parameter, one call each: `in Oslo and Rome` (`ending`: `
        respectively`)."""
        template = self._template(values[0], schema, name)
        if '"{}"' in template and (len(values) > 1 or isinstance(values[0], list)):
            quoted = [f'"{one}"' for value in values for one in (value if isinstance(value, list) else [value])]
            return template.replace('"{}"', joined(quoted)) + ending
        before = word_before(template) if len(values) == 1 else "and"
        return placed(template, joined([self.value(value, schema, name, before) for value in values])) + ending

    def each(self, values: Sequence[Any], schema: dict[str, Any], name: str) -> list[str]:
        """A phrase for each of several values, all of one pattern: `in Oslo`, `in Rome`."""
        template = self._template(values[0], schema, name)
        return [placed(template, self.value(value, schema, name, word_before(template))) for value in values]

    def _template(self, value: Any, schema: dict[str, Any], name: str) -> str:
        template = str(self.rng.choice(schema.get(ANNOTATION, {}).get("say") or templates(value, schema, name)))
        if template.startswith("namely ") and not isinstance(value, dict | list):
            return "for " + template.removeprefix("namely ")
        return template

    def credited(self, phrase: str, value: Any, schema: dict[str, Any], name: str) -> bool:
        """Whether a reader can find the value in the phrase: what the provenance check will ask."""
        if isinstance(value, dict):
            inner = schema.get("properties", {})
            return all(self.credited(phrase, one, inner.get(key, {}), key) for key, one in value.items())
        if isinstance(value, list):
            items = schema.get("items", {})
            return all(self.credited(phrase, one, items, name) for one in value)
        about = {"title": name.replace("_", " "), **schema} if isinstance(value, bool) else schema
        return mentioned(value, searchable(phrase), self.today, about) is not None

    def goal(self, api: Api) -> str:
        """What the tool does as a bare infinitive phrase; the same one throughout a dialog."""
        if api.name not in self._goals:
            goals = api.parameters.get(ANNOTATION, {}).get("goals")
            self._goals[api.name] = str(self.rng.choice(goals)) if goals else infinitive(api.name, api.description)
        return self._goals[api.name]

    def question(self, api: Api) -> str | None:
        """The start of a direct question, where the definition has one that says what it is about."""
        questions = [one for one in api.parameters.get(ANNOTATION, {}).get("questions", ()) if not _VAGUE.search(one)]
        return str(self.rng.choice(questions)) if questions else None

    def _number(self, value: float, schema: dict[str, Any], notes: dict[str, Any], name: str) -> str:
        unit = notes.get("unit")
        if notes.get("type") == "money" and unit:
            return str(self.rng.choice(money_forms(value, str(unit))))
        if kind_of(name, schema) == "percent":
            return f"{plain_number(value)}{self.rng.choice(('%', ' percent'))}"
        forms = number_forms(value)
        small = isinstance(value, int) and 0 <= value <= 60 and not (unit and len(str(unit)) < 4)
        form = self._weighted(forms, _NUMBER_WEIGHT) if small else forms[0].text
        return with_unit(form, value, str(unit)) if unit else form

    def _string(self, value: str, schema: dict[str, Any], name: str, before: str) -> str:
        if parts := split_datetime(value):
            return f"{self._day(parts[0], before, timed=True)} at {self._clock(parts[1])}"
        kind = kind_of(name, schema)
        if _DATE.fullmatch(value):
            return self._day(value, before)
        if _TIME.fullmatch(value):
            return self._clock(value)
        if _IDENTIFIER.search(value) and "enum" not in schema:
            return value
        forms = string_forms(value, self.today)
        if "enum" not in schema and all(form.how != "implicit" for form in forms):
            forms = forms[:1]
        if len(forms) > 1:
            spoken = [form for form in forms if form.how != "verbatim"]
            often = kind is not None and value in CURRENCIES
            return forms[0].text if often and self.rng.random() < 0.5 else self._weighted(spoken or forms, _HOW_WEIGHT)
        if len(value.split()) > 4 and not value.endswith("?"):
            return f'"{value}"'
        return value

    def _day(self, iso: str, before: str, *, timed: bool = False) -> str:
        forms = [form for form in date_forms(iso, self.today) if means_one_day(form.text, iso)]
        suited = [form for form in forms if form.how != "relative" or suits(form.text, before, timed=timed)]
        return self._weighted(suited, _HOW_WEIGHT)

    def _clock(self, clock: str) -> str:
        """A time of day; `half past six` only with the part of the day that makes it one time."""
        forms = time_forms(clock)
        return self._weighted(
            [form for form in forms if form.how != "implicit" or says_part_of_day(form.text)], _HOW_WEIGHT
        )

    def _object(self, value: dict[str, Any], schema: dict[str, Any], before: str = "") -> str:
        """An object's fields one after the other: `on Wednesday at 8 am for five hours`."""
        properties = schema.get("properties", {})
        said = [self.phrase(one, properties.get(key, {}), key).removeprefix("and ") for key, one in value.items()]
        if len(said) == 2 and (before == "between" or (said[0].startswith("between ") and said[1])):
            return " and ".join(said)
        text = said[0] if said else ""
        for number, phrase in enumerate(said[1:], start=1):
            text += (
                "" if not phrase else " " if phrase.split(" ")[0] in PREPOSITIONS and number < 3 else ", "
            ) + phrase
        return text

    def _weighted(self, forms: Any, weights: dict[str, float]) -> str:
        shares: dict[str, int] = {}
        for form in forms:
            shares[form.how] = shares.get(form.how, 0) + 1
        chances = [weights[form.how] / shares[form.how] for form in forms]
        return str(self.rng.choices(forms, chances)[0].text)


def turned(text: str, me: str = "you", my: str = "your") -> str:
    """A user's words as another says them: `my parcel` -> `your parcel`."""
    swaps = {"me": me, "i": me, "we": me, "us": me, "my": my, "our": my, "mine": f"{my}s", "myself": "yourself"}
    swaps |= {"i'm": f"{me} are", "i've": f"{me} have", "we're": f"{me} are", "i'd": f"{me} would", "am": "are"}
    return " ".join(swaps.get(word.lower(), word) for word in text.split())


def lower_first(text: str) -> str:
    """`Find it` -> `find it`; `API key` stays."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """`find it` -> `Find it`."""
    return text[:1].upper() + text[1:]


def fitting(templates: Sequence[str], clause: str) -> list[str]:
    """Frames that a clause can stand in: what the assistant is to do for `me` is nothing that `I want to` do, and
    nothing
    follows a long clause."""
    fit = [one for one in templates if not _I_DO.search(one)] if _FOR_ME.match(clause) else list(templates)
    if len(clause) > LONG:
        fit = [one for one in fit if len(one) - one.find("{}") <= SHORT_END]
    return fit or list(templates)


LONG, SHORT_END = 60, 4
"""Characters of a clause after which a frame has to end, and of the frame's end from the value's place on."""
_VAGUE = re.compile(r"\b(?:it|that|this|them|these|those|ones?)\b|\b(?:of|in|on|at|to|for|with|by|from|about|like)$")
"""A question that leaves open what it is about, or that no phrase can follow."""
_FOR_ME = re.compile(r"(?:\w+ (?:me|us)\b|let me|help me)", re.I)
_I_DO = re.compile(r"\b(?:to|me|let's|we|I'll|gotta) \{\}|help me \{\}|help me to|helping me")
