"""Days and times in their place: `on {}` and `tomorrow` make `tomorrow`, and no phrase says `from in eight days`."""

from __future__ import annotations

import re

_PREPOSITIONS_TEXT = (
    "in on at for from to with by of under near around until since after before as about during over into"
)
PREPOSITIONS = frozenset(_PREPOSITIONS_TEXT.split())
_PREPOSITION = re.compile(r"(?:in|on|at|for|from|to|with|by|of|under|near|around) (?!\d+ (?:days|weeks))[^\"]")


def word_before(template: str) -> str:
    """The word that stands before the value in a phrase."""
    words_before = template.partition("{}")[0].split()
    return words_before[-1].lower() if words_before else ""


def placed(template: str, said: str) -> str:
    """The template with the value in it, without the preposition that the value's wording makes wrong."""
    if '"{}"' in template:
        return template.replace("{}", said.strip('"'))
    before = word_before(template)
    if before in PREPOSITIONS and template.endswith("{}") and _PREPOSITION.match(said):
        return template.removesuffix("{}").rstrip().removesuffix(before) + said
    if before in ("on", "at") and _BARE_DAY.match(said):
        return re.sub(rf"\b{before} \{{\}}", "{}", template, flags=re.I).replace("{}", said).strip()
    if before == "at" and _STARTS_WITH_DAY.match(said):
        return re.sub(r"\bat \{\}", "on {}", template).replace("{}", said)
    return template.replace("{}", said)


_DAY_NAMES = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_COUNTED = r"(?:\d+|[a-z]+(?:-[a-z]+)?)"
_BARE_DAY = re.compile(
    rf"(?:today|tonight|tomorrow|yesterday|the day after|this|next|last|in {_COUNTED} (?:days|weeks)|in a week|on "
    rf"|a week|"
    rf"{_COUNTED} (?:days|weeks) (?:ago|from)|(?:{_DAY_NAMES}) of next week)"
)
_STARTS_WITH_DAY = re.compile(r"\d{4}-\d\d|\d{1,2}(?:st|nd|rd|th)? (?:of )?[A-Z]|[A-Z][a-z]+ \d|\d+[./]\d+[./]\d")


def suits(text: str, before: str, *, timed: bool) -> bool:
    """Whether a relative day can follow a preposition: not `from in eight days`, not `for eight days from now`."""
    if text in ("tonight", "this evening") or text.startswith("coming "):
        return not timed and before == "on" and text == "tonight"
    if text.startswith(("in ", "on ")):
        return before in ("on", "due") and not (timed and text.startswith("in "))
    if "from now" in text or "from today" in text or "ago" in text:
        if "ago" in text:
            return before in ("on", "from", "after") and not timed
        return before in ("on", "starting", "until", "after") and not timed
    return before != "and" or not text.startswith("this coming")


def means_one_day(text: str, iso: str) -> bool:
    """Whether a day in figures can be read in one way only: 05/06/2025 cannot."""
    return not ("/" in text or text.count(".") == 2) or int(iso[8:]) > 12


def says_part_of_day(text: str) -> bool:
    """Whether a spoken time is one time of the day: `half past six in the evening`."""
    return " in the " in text or text in ("noon", "midnight")
