"""Sample consistency, the answer: its figures and names come from the results and from what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from toolace.rules.found import SEPARATOR, Found, shown
from toolace.rules.views import Call, Sample, Text, folded
from toolace.wording import MONTHS, WEEKDAYS, spelled

_NUMBER: Final = re.compile(r"[0-9][0-9]*(?:,[0-9]{3}(?![0-9]))*(?:\.[0-9]+)?")
_MARKER: Final = re.compile(
    r"^\s*\d+[.)]\s|\b(?:out of|of|per|from 0 to|scale of) (?:5|10|100|1000)\b|\b1 (?:to|-) (?:5|10)\b", re.M
)
"""List numbers, and the ends of scales: `81 out of 100`, `9 g per 100 grams`."""
_TOKEN: Final = re.compile(r"(?:[a-z0-9][a-z0-9']*(?:[.,][0-9]+)*,?\s+)+|\S+")
"""A word with its punctuation, or a run of small words and figures, in which no name is, with the space behind it."""
_EDGES: Final = ".,;:!?()[]{}<>\"'“”‘’*`…|"
_ENDS: Final = (".", "!", "?", ":", "…", ".)", '."', "?)", "!)", "•", "-", "*")
_OPENERS: Final = ("(", '"', "“", "'", "‘")
_KNOWN_WORDS: Final = """
I I'm I'll I've I'd OK Mr Mrs Ms Dr Celsius Fahrenheit English Let If Is Tell Would Shall You Your We It The This That There
"""
_KNOWN: Final = frozenset((*MONTHS, *WEEKDAYS, *(month[:3] for month in MONTHS), *_KNOWN_WORDS.split()))
_MANY: Final = 40
"""Figures between which sums and the like are tried."""


def figures_come_from_results(sample: Sample) -> Iterator[Found]:
    """A figure in an answer stands in a result, an argument or a text before it. One that can be computed is a warning."""
    for text, calls in _answers(sample):
        written = _NUMBER.findall(text.text)
        if not written:
            continue
        given = SEPARATOR.join([sample.messages[call.answer or 0].content or "" for call in calls])
        unseen = set(written).difference(_NUMBER.findall(given))
        odd = {_figure(one) for one in unseen if not _stands_in(one.replace(",", ""), given)}
        if odd and (odd := odd.difference(known := _counts(calls))):
            known.update(_numbers(given))
            if odd := odd.difference(known):
                yield from _unknown(sample, text, odd, known)


def names_come_from_results(sample: Sample) -> Iterator[Found]:
    """A name, address or code in an answer stands in a result, an argument, a definition or a text before it."""
    for text, _ in _answers(sample):
        definitions = ""
        for said in _names(text.text):
            if _was_said(folded(said), sample, text):
                continue
            definitions = definitions or folded(_definitions(sample))
            if not _is_in(folded(said), definitions):
                yield Found(text.where, f"{shown(said)} stands in no result and no text before")


CHECKS: Final = (figures_come_from_results, names_come_from_results)


def _answers(sample: Sample) -> Iterator[tuple[Text, list[Call]]]:
    """What the assistant says in a turn after results came in, with that turn's calls."""
    if not sample.calls:
        return
    for text in sample.said:
        if text.role != "assistant" or sample.messages[text.at].tool_calls:
            continue
        calls = [call for call in sample.calls_in(text.turn) if (call.answer or text.at) < text.at]
        if calls:
            yield text, calls


def _before(sample: Sample, text: Text) -> str:
    """All that was said, asked and answered before a text."""
    written = zip(sample.calls, sample.argument_texts, strict=True)
    arguments = [said.replace(",", ", ") for call, said in written if call.at < text.at]
    return SEPARATOR.join([*(one.text for one in sample.texts if one.at < text.at), *arguments])


def _definitions(sample: Sample) -> str:
    parts = ((tool, tool.signature) for tool in sample.tools)
    return SEPARATOR.join(f"{tool.name} {tool.description} {one.parameters} {one.returns}" for tool, one in parts)


def _counts(calls: list[Call]) -> set[float]:
    """How many things there are: calls, and items in the lists of their results."""
    return {float(len(calls)), *(float(length) for call in calls for length in _lengths(call.result))}


def _unknown(sample: Sample, text: Text, figures: set[float], known: set[float]) -> Iterator[Found]:
    """The figures that nothing else said before an answer accounts for; `known` ones are in the results."""
    before = _before(sample, text)
    if all(_stands_in(_plain(said), before) for said in figures):
        return
    known |= set(_numbers(before))
    if figures <= known:
        return
    figures = figures.intersection(_numbers(_MARKER.sub(" ", text.text)))
    lower = before.lower()
    known.update(float(number) for number in range(2, 100) if (spelled(number) or "") in lower)
    for said in sorted(figures - known):
        if not _is_rounded(said, known):
            message = f"{_plain(said)} stands in no result and no text before"
            yield Found(text.where, message, "assistant", "warning" if _is_derived(said, known) else "error")


def _numbers(text: str) -> list[float]:
    return [_figure(found) for found in _NUMBER.findall(text)]


def _figure(written: str) -> float:
    return float(written.replace(",", ""))


def _stands_in(figure: str, text: str) -> bool:
    """Whether a number is written in a text, and not as a part of a longer one; `5` is in `05` and in `5.0`."""
    at = text.find(figure)
    while at >= 0:
        end = at + len(figure)
        before, after = text[max(0, at - 2) : at], text[end : end + 3]
        is_start = not before[-1:].isdigit() or (
            before[-1:] == "0" and not before[:-1].isdigit() and before[:-1] != "."
        )
        is_end = not after[:1].isdigit() and (after[:1] != "." or (after[1:2] == "0" and not after[2:].isdigit()))
        if is_start and is_end and before[-1:] != ".":
            return True
        at = text.find(figure, at + 1)
    return False


def _lengths(node: Any) -> Iterator[int]:
    """How many items the lists of a result have: `4 hotels were found`."""
    if isinstance(node, list):
        yield len(node)
    if isinstance(node, dict | list):
        for one in node.values() if isinstance(node, dict) else node:
            yield from _lengths(one)


def _is_rounded(said: float, known: set[float]) -> bool:
    """Whether a known figure reads so when rounded as far as this one, or as a percentage."""
    digits = len(_plain(said).partition(".")[2])
    return any(round(one, digits) == said or round(one * 100, digits) == said for one in known if not one.is_integer())


def _is_derived(said: float, known: set[float]) -> bool:
    """Whether a figure is the sum, difference, product or quotient of two known ones."""
    if len(known) > _MANY:
        return False
    for one, other in combinations(known, 2):
        results = [one + other, abs(one - other), one * other]
        results += [one / other] if other else []
        results += [other / one] if one else []
        if any(abs(result - said) < 0.006 for result in results):
            return True
    return False


def _names(text: str) -> Iterator[str]:
    """Codes, addresses and runs of capitalised words; a word that only starts a sentence is none."""
    run: list[str] = []
    starts = True
    for token in _TOKEN.findall(text):
        if token[-1].isspace():
            starts = False
            if run:
                yield " ".join(run)
                run = []
            continue
        word = token.strip(_EDGES)
        if not word.isalnum() and _is_code(word):
            yield word
            word = ""
        is_name = word[:1].isupper() and not starts and word not in _KNOWN and not _is_acronym(word)
        if run and (not is_name or token.startswith(_OPENERS)):
            yield " ".join(run)
            run = []
        if is_name:
            run.append(word.removesuffix("'s").removesuffix("’s"))
        starts = token.endswith(_ENDS)
        if run and token.endswith((",", ";", ")", *_ENDS)):
            yield " ".join(run)
            run = []
    if run:
        yield " ".join(run)


def _is_code(word: str) -> bool:
    """Addresses, links, and identifiers: letters and digits joined by a hyphen or underscore."""
    if "@" in word or "://" in word:
        return True
    if not ("-" in word or "_" in word):
        return False
    return any(char.isdigit() for char in word) and any(char.isalpha() for char in word)


def _is_acronym(word: str) -> bool:
    """Units, currencies and the like (`EUR/kg`, `kWh`, `Å`), which results leave to the definition."""
    return len(word) == 1 or "/" in word or (len(word) < 6 and sum(map(str.isupper, word)) > 1)


def _was_said(name: str, sample: Sample, text: Text) -> bool:
    """Whether a name, or each of its words, stands before a text; most names are in one of the last results."""
    for one in reversed(sample.texts):
        if one.at < text.at and name in one.folded:
            return True
    return _is_in(name, folded(_before(sample, text)))


def _is_in(name: str, text: str) -> bool:
    return name in text or all(word in text for word in name.split())


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
