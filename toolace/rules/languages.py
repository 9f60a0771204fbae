"""Which language a text is in, by script and by its small words. Unsure of short texts, on purpose."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from toolace.rules.views import Text

_SCRIPTS: Final = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
)
_SMALL_WORDS: Final = {
    "en": "the and of to is in that for you it are with this what can please my on be have i'd i'm your will would i me",
    "de": "der die das und ist nicht ich ein eine mit für auf bitte den dem von zu wie kann mir es sie werden wurde",
    "fr": "le la les et est je un une des pour dans que vous pas avec sur s'il plaît mon ma ce cette être du au",
    "es": "el los las es un una para que por con del se mi por favor está cómo qué quiero puedes su lo hay",
    "it": "il gli che di è una per con non del della sono puoi mi favore questo nel alla vorrei dei",
    "pt": "os as é um uma para que com não do da em por favor você meu minha está como ao na eu",
    "nl": "het een en van niet ik dat voor met op zijn kunt naar mijn graag je wordt deze te aan om",
    "pl": "na jest nie się do że to proszę dla jak czy od mi chcę przez po",
    "sv": "och är att det ett för på med som inte jag till av kan du den min vill",
}
_WORDS: Final = {
    "en": "the and of to is in that for you it are with this what can please my on be have i'd i'm your will would",
    "de": "der die das und ist nicht ich ein eine mit für auf bitte den dem von zu wie kann mir es sie werden wurde",
    "fr": "le la les et est je un une des pour dans que vous pas avec sur s'il plaît mon ma ce cette être du au",
    "es": "el los las y es un una para que por con del se mi por favor está cómo qué quiero puedes su lo hay",
    "it": "il gli che di è una per con non del della sono puoi mi per favore questo nel alla vorrei i dei",
    "pt": "o os as e é um uma para que com não do da em por favor você meu minha está como ao no na eu",
    "nl": "het een en van is niet ik dat voor met op zijn kunt naar mijn graag je u wordt deze te aan om",
    "pl": "w na jest nie się do że i z to proszę dla jak czy od o mi chcę przez po",
    "sv": "och är att det en ett för på med som inte jag till av kan du den min vill",
}
_KNOWN: Final = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_NONE: Final = frozenset[str]()
MIN_WORDS: Final = 6
"""Shorter texts are names and values as often as they are speech."""


def language_of(text: Text, expected: str) -> str | None:
    """ISO code of a text's language; None where unsure. `expected` wins where it is plausible."""
    if not text.text.isascii() and (script := _script(text.text)):
        return script
    if len(text.words) < MIN_WORDS:
        return None
    words = text.distinct
    if len(_KNOWN.get(expected, _NONE) & words) * 10 >= len(words):
        return expected
    scores = {language: len(known & words) for language, known in _KNOWN.items()}
    best = max(scores, key=lambda language: scores[language])
    clear = scores[best] * 5 >= len(words) and scores[best] >= 2 * scores.get(expected, 0) + 2
    return best if clear else None


def _script(text: str) -> str | None:
    """The language of the script that most letters are in, where that is not the Latin one."""
    counts: Counter[str] = Counter()
    for language, pattern in _SCRIPTS:
        if found := len(pattern.findall(text)):
            counts[language] = found
    if counts["ja"] and counts["zh"]:
        counts["ja"] += counts.pop("zh")
    if not counts:
        return None
    best, found = counts.most_common(1)[0]
    return best if found >= 4 and found * 3 >= sum(map(str.isalpha, text)) else None
