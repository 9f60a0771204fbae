"""How definitions are written: naming, wording, order, shape. A pool in one single style is the paper's own risk."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from toolace.meaning import words
from toolace.records import Api
from toolace.report.schemas import ParameterFigures
from toolace.tables import Cell, Table, mean, share

_VERBS: Final = """
    accept add analyze apply approve archive assign attach authorize book build buy calculate cancel change check
    close compare compute confirm connect convert copy count create deactivate delete describe detect disable
    download draft enable end estimate evaluate exchange export extend extract fetch file filter find fix forecast
    format generate get give grant hide identify import insert inspect install issue join list load lock log look
    lookup make map mark measure merge modify monitor move mute notify open order pause pay place plan play post
    predict prepare preview print publish purge put query rank rate read receive recommend record recover redeem
    refund register reject release remind remove rename renew reopen replace reply report request reschedule reserve
    reset resolve resume retrieve return review revoke rotate route run save scale schedule score search select sell
    send set share show sign silence simulate solve sort split start stop store submit subscribe suggest summarize
    swap switch sync tag terminate test track transfer translate trigger tune turn unlock unsubscribe untag update
    upload use validate verify view void watch withdraw work write
"""
VERBS: Final = frozenset(_VERBS.split())
"""What names and imperative descriptions of APIs begin with."""

_NAMINGS: Final = (
    ("dotted", re.compile(r"[^.]+(\.[^.]+)+")),
    ("kebab-case", re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")),
    ("snake_case", re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")),
    ("camelCase", re.compile(r"[a-z]+[a-z0-9]*([A-Z][A-Za-z0-9]*)+")),
    ("PascalCase", re.compile(r"([A-Z][A-Za-z0-9]*)+")),
    ("one word", re.compile(r"[a-z0-9]+")),
)
_VOICES: Final = (
    ("use this …", re.compile(r"(use|call|choose|pick) (this|it|when|to)\b", re.I)),
    ("third person", re.compile(r"(?!this|always|as)[a-z]+(?<![su])s\b", re.I)),
)


def naming_of(name: str) -> str:
    """The convention a name follows."""
    return next((naming for naming, pattern in _NAMINGS if pattern.fullmatch(name)), "mixed")


def voice_of(description: str) -> str:
    """How a description addresses its reader: imperative, third person, `use this …`, or as a plain statement."""
    for voice, pattern in _VOICES:
        if pattern.match(description):
            return voice
    first = re.match(r"[A-Za-z]+", description)
    return "imperative" if first and first[0].lower() in VERBS else "statement"


def order_of(parameters: dict[str, Any]) -> str:
    """How the parameters of one level are ordered; empty where there are too few to tell."""
    names, required = list(parameters.get("properties") or ()), set(parameters.get("required") or ())
    if len(names) < 3:
        return ""
    if names == sorted(names):
        return "alphabetical"
    flags = [name in required for name in names]
    is_sorted = flags == sorted(flags, reverse=True) and any(flags) and not all(flags)
    return "required first" if is_sorted else "otherwise"


class StyleFigures:
    """The style of many definitions. Memory holds counts only."""

    def __init__(self) -> None:
        self.shape = ParameterFigures()
        self.namings: Counter[str] = Counter()
        self.voices: Counter[str] = Counter()
        self.orders: Counter[str] = Counter()
        self.lengths: Counter[int] = Counter()
        self.verb_first = 0

    def add(self, api: Api) -> None:
        """Takes up one definition."""
        said = words(api.name).split()
        self.shape.add(api.parameters)
        self.namings[naming_of(api.name)] += 1
        self.verb_first += bool(said) and said[0] in VERBS
        self.voices[voice_of(api.description)] += 1
        self.lengths[len(api.description.split())] += 1
        if order := order_of(api.parameters):
            self.orders[order] += 1

    def rows(self) -> dict[str, Cell]:
        """The measures by name, always the same ones in the same order."""
        shape, tools = self.shape, self.shape.tools
        named = {f"names: {name}": share(self.namings[name], tools) for name in (*(n for n, _ in _NAMINGS), "mixed")}
        voices = ("imperative", "third person", "use this …", "statement")
        orders = ("required first", "alphabetical", "otherwise")
        total = sum(number * count for number, count in shape.numbers.items())
        return {
            "definitions": tools,
            **named,
            "names that begin with a verb": share(self.verb_first, tools),
            **{f"description: {voice}": share(self.voices[voice], tools) for voice in voices},
            "description, words (10th percentile)": percentile(self.lengths, 0.1),
            "description, words (median)": percentile(self.lengths, 0.5),
            "description, words (90th percentile)": percentile(self.lengths, 0.9),
            **{f"order: {order}": share(self.orders[order], self.orders.total()) for order in orders},
            "parameters a definition": mean(total, tools),
            "parameters that are optional": share(shape.optional, shape.parameters),
            "definitions with optional parameters": share(shape.optional_tools, tools),
            "parameters with constraints": share(shape.constrained, shape.parameters),
            "definitions with nested parameters": share(shape.nested, tools),
        }


def percentile(counts: Counter[int], part: float) -> int | None:
    """The smallest value that has at least this part of the counts at or below it."""
    left = part * counts.total()
    for value in sorted(counts):
        left -= counts[value]
        if left <= 1e-9:
            return value
    return None


def style_table(by_origin: dict[str, StyleFigures], reference: dict[str, dict[str, Cell]]) -> Table:
    """The styles side by side: synthesized, imported, and the reference measured on real APIs."""
    columns = {f"{name} here": style.rows() for name, style in sorted(by_origin.items(), reverse=True)} | reference
    names = next(iter(columns.values()), {})
    rows = tuple((name, *(column.get(name) for column in columns.values())) for name in names)
    note = "Google discovery and botocore: every operation of their libraries, by this same code."
    return Table("style", "Style of the definitions", ("measure", *columns), rows, note if reference else "")
