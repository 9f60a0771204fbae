"""Dialog correctness, the words: nothing leaked, cut off, garbled, repeated or in a second language (section 2.3).

What is cheap to rule out is ruled out for the whole dialog at once; only then are the messages looked at one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import eq
from string import ascii_lowercase
from typing import Final

from toolace.records import Blame
from toolace.rules.found import Found, has_any, shown
from toolace.rules.languages import language_of
from toolace.rules.views import Sample, Text

_LEAK: Final = re.compile(
    r"""<\|[a-z_]+\|> | \[/?INST\] | <</?SYS>>
      | </?(?:tool_calls?|tool_response|tools|function_call|think|thought|s)>
      | ^\s*(?:\#+\s*)?(?:User|Assistant|Human|System|Observation|Function\ call|AI|Bot)\s*:(?!\S)
      | \bas\ an?\ (?:AI|artificial\ intelligence|large\ language|language)\ (?:language\ )?(?:model|assistant)\b
      | \byou\ are\ (?:the|simulating\ a|playing\ a|role-?playing)\ (?:user|assistant|tool)\b
      | \b(?:user|assistant|tool)\ agent(?:'s)?\ (?:must|should|is|says)\b
      | \brespond\ (?:only\ )?(?:with|in)\ (?:valid\ )?JSON | \bJSON\ Schema\ of\ the\ reply | \bhere\ is\ the\ JSON
      | \{\{[^{}\n]{0,60}\}\} | \{%[^\n]{0,60}%\}
      | \b(?:tool_calls|tool_call_id|function_call)\b""",
    re.I | re.X | re.M,
)
_LEAK_HINTS: Final = ("<", "inst]", "{", "_call", "json", " model", " assistant", " agent", "you are ", "call")
"""Without one of these in lower case, no part of `_LEAK` but the role markers can match; then, without one of the next."""
_LEAK_PARTS: Final = (
    *("<", "inst]", "{{", "{%", "_call", "call:", "call :", "with json", "in json", " valid json", "here is the json"),
    *("json schema of", "language model", "language assistant", "ai model", "ai assistant", "ai language"),
    *("intelligence model", "intelligence assistant", "intelligence language", "user agent", "assistant agent"),
    *("tool agent", "you are the ", "you are simulating", "you are playing", "you are role"),
)
_ROLE_MARKERS: Final = ("user:", "assistant:", "human:", "system:", "observation:", "ai:", "bot:", " :", "\n:", "\t:")
_HOLE: Final = re.compile(r"(?<![\w{$\"'`/])\{#?[a-z_][a-z0-9_.]*\}(?![\w}\"'`/])")
_SPECIAL: Final = re.compile(r"<\|[a-z_]+\|>|\[/?INST\]|<</?SYS>>")
_BAD: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufeff\ufff9-\uffff\ue000-\uf8ff\u202a-\u202e\u200b]"
)
_MOJIBAKE: Final = re.compile("Ã[\x80-\xbf©¨¶¼¤±³¡ŸŒ–„“]|â€[œ\x9d™“”˜¦]|Â[\xa0°£§»«]|ï¿½")
_ESCAPED: Final = re.compile(r"\\u00(?:0[0-8bcef]|1[0-9a-f]|7f)")
"""A control character as it stands in arguments written as JSON."""
_CUT: Final = re.compile(r"(?:(?<!\w)[,([{/&+=–]|[,;]|\b(?:and|or|but|the|a|an|my|your|because|und|oder|et|ou))$", re.I)
_ENDED: Final = re.compile(r"[.!?…:;)\]}\"'”’»`*|。！？）」\U0001f000-\U0001ffff✅✨☀-➿]$|https?://\S+$")
_STOPS: Final = (".", "?", "!")
_ITEM: Final = re.compile(r"\s*(?:[-*•#>|]|\d+[.)])")
_MASHED: Final = re.compile(
    r"[bcdfghjklmnpqrstvwxz]{7}|[a-z]{32}|\b(?:asdf|qwer(?!t[yz]\b)|zxcv|sdfg)[a-z]*\b|lorem ipsum"
)
_HELD: Final = tuple(char * 5 for char in (*ascii_lowercase, "!", "?", "#", "~", "^"))
_MASHED_HINTS: Final = ("asdf", "qwer", "zxcv", "sdfg", "lorem ipsum", *_HELD[-5:])
_AS_LETTERS: Final = bytes(
    ord("x") if one in b"bcdfghjklmnpqrstvwxz" else ord("v") if one in b"aeiouy" else ord(" ") for one in range(256)
)
"""Turns consonants to `x`, vowels to `v` and all else to spaces, so that a run of them is found at once."""
_AS_ONE: Final = bytes.maketrans(b"v", b"x")
_LONG: Final = b"x" * 32
"""As many letters in a row as make a word worth looking at."""
_SPARE: Final = 2
"""Words that a text must have had before in it, before it is looked through for repetitions."""
_PUNCTUATION: Final = ".,;:!?…\"'"
_BLAMES: Final[dict[str, Blame]] = {"user": "user", "tool": "tool", "system": "definition"}
_SHORT: Final = 40
"""Characters below which an answer needs no full stop."""


def no_prompt_text_is_leaked(sample: Sample) -> Iterator[Found]:
    """No role marker, chat-template token, piece of a prompt or unfilled placeholder stands in what is said."""
    speech = sample.speech
    may_leak = has_any(_LEAK_HINTS, speech) and has_any(_LEAK_PARTS, speech)
    if may_leak or (":" in speech and has_any(_ROLE_MARKERS, speech)):
        for text, match in sample.located(_LEAK, sample.said):
            yield Found(text.where, f"{shown(match[0].strip())} belongs to a prompt", _blame(text))
    if "{" in sample.speech:
        for text, match in sample.located(_HOLE, sample.said):
            yield Found(text.where, f"{shown(match[0])} was never filled in", _blame(text), sample.odd)
    if "<|" in sample.given or "INST]" in sample.given or "SYS>>" in sample.given:
        others = [text for text in sample.texts if text.role in ("tool", "system")]
        for text, match in sample.located(_SPECIAL, others):
            yield Found(text.where, f"{shown(match[0])} is a chat template's token", _blame(text))


def no_call_is_written_as_text(sample: Sample) -> Iterator[Found]:
    """The assistant makes its calls as calls: no `[tool(a=1)]`, no JSON of a call in what it says."""
    for text in sample.said:
        if text.role != "assistant":
            continue
        if '"arguments"' in text.text and '"name"' in text.text:
            yield Found(text.where, "a call stands in the text as JSON")
        elif "(" in text.text:
            for tool in sample.tools:
                if tool.name and f"{tool.name}(" in text.text:
                    yield Found(text.where, f"a call of {shown(tool.name)} stands in the text")


def characters_are_valid(sample: Sample) -> Iterator[Found]:
    """No control, replacement or private character, no text decoded wrongly, anywhere in messages and arguments."""
    given = sample.given
    is_clean = _BAD.search(given) is None and (given.isascii() or _MOJIBAKE.search(given) is None)
    if is_clean and "\\u00" not in given:
        return
    for text in sample.texts:
        if match := _BAD.search(text.text) or _MOJIBAKE.search(text.text):
            yield Found(text.where, f"invalid characters: {shown(match[0])}", _blame(text))
    for call, written in zip(sample.calls, sample.argument_texts, strict=True):
        if match := _BAD.search(written) or _MOJIBAKE.search(written) or _ESCAPED.search(written):
            yield Found(f"{call.where}/function/arguments", f"invalid characters: {shown(match[0])}")


def text_is_not_cut_off(sample: Sample) -> Iterator[Found]:
    """No text stops in the middle: at a comma, a connecting word, an open bracket, an answer without its full stop."""
    for text in sample.said:
        end = text.text.rstrip()
        if end[-1:] not in _STOPS and (match := _CUT.search(end, max(0, len(end) - 12))):
            yield Found(text.where, f"the text stops at {shown(match[0].strip())}", _blame(text))
        elif text.role == "assistant":
            if opener := _left_open(end):
                yield Found(text.where, f"{opener!r} is never closed")
            elif len(end) > _SHORT and end[-1] not in _STOPS and not _is_ended(end):
                yield Found(text.where, f"the answer stops at {shown(end[-20:])}", "assistant", sample.odd)


def one_language_is_spoken(sample: Sample) -> Iterator[Found]:
    """User and assistant speak the language of the data set; in foreign data, the same language."""
    expected = None if sample.is_foreign else sample.language
    for text in sample.said:
        spoken = language_of(text, expected or "en")
        if spoken is None:
            continue
        if expected is None:
            expected = spoken
        elif spoken != expected:
            yield Found(text.where, f"this is {spoken!r}, the dialog is {expected!r}", _blame(text))


def nothing_is_repeated(sample: Sample) -> Iterator[Found]:
    """No word or phrase runs on, and the user does not send the same message twice."""
    seen: dict[str, int] = {}
    for text in sample.said:
        if text.role == "user" and len(text.words) > 3:
            first = seen.setdefault(text.lower.strip(), text.at)
            if first != text.at:
                yield Found(text.where, f"the same words as in message {first}", "user", sample.odd)
        may_run_on = len(text.words) - len(text.distinct) >= _SPARE
        if may_run_on and (repeated := _running_on(text.words)):
            yield Found(text.where, f"{shown(repeated)} is repeated over and over", _blame(text))


def words_are_meaningful(sample: Sample) -> Iterator[Found]:
    """No keyboard mashing, no letter held down, no filler text."""
    speech = sample.speech
    runs = speech.encode(errors="replace").translate(_AS_LETTERS)
    is_held = (b"xxxxx" in runs or b"vvvvv" in runs) and has_any(_HELD, speech)
    is_suspect = is_held or b"xxxxxxx" in runs or has_any(_MASHED_HINTS, speech)
    if not is_suspect and _LONG not in runs.translate(_AS_ONE):
        return
    for text in sample.said:
        held = next((run for run in _HELD if run in text.lower), None)
        mashed = _MASHED.search(text.lower) if sample.language == "en" or "lorem" in text.lower else None
        word = held or (mashed[0] if mashed else "")
        if word and not _is_data(sample, word):
            yield Found(text.where, f"{shown(word)} means nothing", _blame(text))


CHECKS: Final = (
    no_prompt_text_is_leaked,
    no_call_is_written_as_text,
    characters_are_valid,
    text_is_not_cut_off,
    one_language_is_spoken,
    nothing_is_repeated,
    words_are_meaningful,
)


def _blame(text: Text) -> Blame:
    return _BLAMES.get(text.role, "assistant")


def _is_data(sample: Sample, word: str) -> bool:
    """Whether a strange word is a value that calls or results hold: a key, a code, a password."""
    results = (text.text for text in sample.texts if text.role == "tool")
    return any(word in written.lower() for written in (*sample.argument_texts, *results))


def _is_ended(text: str) -> bool:
    """Whether an answer without a full stop may end here: after a link or a sign, or in a list whose items have none."""
    *before, last = text.split("\n")
    if _ENDED.search(text):
        return True
    return _ITEM.match(last) is not None and any(_ITEM.match(line) and not _ENDED.search(line) for line in before)


def _left_open(text: str) -> str | None:
    """A bracket or code block that is opened and never closed."""
    if text.count("```") % 2:
        return "```"
    for opener, closer in (("(", ")"), ("[", "]"), ("{", "}")):
        if opener in text and text.count(opener) > text.count(closer) + text.count(f":{opener}"):
            return opener
    return None


def _running_on(said: Sequence[str]) -> str | None:
    """A word said four times running, or a run of words three times; None where there is none."""
    again = len(said) - 1 - len(set(pairwise(said)))
    if again < 2 and not any(map(eq, said, said[1:])):
        return None
    words = [word.strip(_PUNCTUATION) for word in said]
    for size in range(1, min(24, again // 2 + 2) + 1):
        wanted, run = (3 if size == 1 else 2 * size), 0
        repeats = bytes(map(eq, words, words[size:]))
        for at, repeats_here in enumerate(repeats) if b"\x01" * wanted in repeats else ():
            run = run + 1 if repeats_here else 0
            phrase = words[at : at + size]
            if run >= wanted and any(map(str.isalpha, phrase)):
                return " ".join(phrase)
    return None
