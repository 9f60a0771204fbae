"""What the simulated experts compute: rewordings, what an answer claims against what calls gave, results against their calls."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import jsonschema_rs

from toolace.meaning import words
from toolace.records import Message, compact
from toolace.rules.schemas import compiled_or_reason

_WORD: Final = re.compile(r"[^\W_]{3,}")
_TOKEN: Final = re.compile(r"[^\W_]+")
_DONE: Final = re.compile(
    r"\bI(?:'ve| have)? (?:just |now |successfully )?(?:booked|cancelled|canceled|sent|scheduled|created|updated|ordered|"
    r"transferred|deleted|reserved|submitted|added|removed|saved|set up|paid|renamed|moved)\b",
    re.I,
)
_PROMISED: Final = re.compile(
    r"(?:^|[.!?]\s+|, )(?:one moment|hold on|give me a (?:moment|second)|let me (?:check|look|find|search|call|fetch)|"
    r"I(?:'ll| will) (?:now |just )?(?:check|look|search|call|fetch|get back|find|retrieve|proceed))\b[^.?!]*[.!…]*\s*$",
    re.I,
)
_DECLINED: Final = re.compile(
    r"\b(?:(?:none of (?:my|the) (?:tools|functions))|I (?:have|lack) (?:no|a) tool|I(?:'m| am) (?:not able|unable) to|"
    r"I can(?:'t|not) (?:do|help|help you|assist|find|access|perform)|outside of what I can do)\b",
    re.I,
)
_TROUBLE: Final = re.compile(
    r"error|fail|unfortunately|could ?n[o']t|did ?n[o']t|does ?n[o']t|can ?n[o']t|cannot|can't|unable|problem|sorry|issue|not |"
    r"no |n't|nothing|again|else|unavailable|denied|rejected|luck|trouble|however|invalid|unsuccessful|timed? ?out",
    re.I,
)
_CHATTER: Final = re.compile(
    r"^\s*(?:as an ai|i(?:'m| am) (?:sorry|unable|an ai)|i cannot|sure[,!]|here (?:is|are) the|certainly|of course|```)",
    re.I,
)
_IDENTIFIER: Final = re.compile(r"(?:^| )id$")
_FIXED: Final = frozenset(("name", "title", "address", "city", "country", "currency", "isbn", "phone"))
"""What a thing keeps from one result to the next."""
_CODE: Final = re.compile(
    r"(?<!\w)(?:[\w.+-]+@[\w-]+\.[\w.-]*\w|https?://[^\s,;)\"']*[\w/]|[A-Za-z]{2,4}[-_]?\d{3,}[\w-]*)(?!\w)"
)


_DAY_OR_CLOCK: Final = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?|\d\d:\d\d(?::\d\d)?")
"""Its figures stand in many another day or time."""
_COMMON_WORDS: Final = """
the and for with from that this but not you your our are was were will can has have had its one all any out who how what when
where which there here then than them they their would could should about please before after into over also more most some such
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())


Known = dict[tuple[tuple[str, str], ...], dict[str, Any]]
"""Things of earlier results by the names and values of their identifiers."""


class Problem(NamedTuple):
    """What is wrong, where, and the words in which it shows."""

    message: int
    evidence: str
    reason: str


@dataclass(slots=True)
class Made:
    """One call with its result; `answer` is the index of the tool message."""

    at: int
    name: str
    arguments: dict[str, Any]
    answer: int | None = None
    result: Any = None

    @property
    def failed(self) -> bool:
        """Whether the tool reports an error."""
        return isinstance(self.result, dict) and "error" in self.result and len(self.result) <= 3

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        if isinstance(self.result, dict):
            lists = [value for value in self.result.values() if isinstance(value, list)]
            return not self.result or (bool(lists) and not any(lists))
        return self.result in (None, [], "")


def calls_of(messages: Sequence[Message]) -> list[Made]:
    """Every call of a conversation with its result."""
    found: list[Made] = []
    waiting: dict[str, Made] = {}
    for at, message in enumerate(messages):
        for call in message.tool_calls or ():
            waiting[call.id] = Made(at, call.function.name, call.function.arguments)
            found.append(waiting[call.id])
        if message.role == "tool" and (made := waiting.pop(message.tool_call_id or "", None)):
            made.answer, made.result = at, _loaded(message.content)
    return found


def is_reworded(value: Any, said: str) -> bool:
    """Whether a text says a value but for accents, punctuation, word order or plural endings; or names it by its initials."""
    if not isinstance(value, str) or _DAY_OR_CLOCK.fullmatch(value):
        return False
    wanted, there = _folded(value), _folded(said)
    tokens = _TOKEN.findall(wanted.replace("_", " "))
    known = {_singular(token) for token in _TOKEN.findall(there)}
    if tokens and all(_singular(token) in known for token in tokens):
        digits = re.findall(r"\d+", wanted)
        return not digits or " ".join(digits) in " ".join(re.findall(r"\d+", there))
    initials = "".join(word[0] for word in re.findall(r"\b[A-Z][a-z]+", said))
    return value.isupper() and 2 < len(value) < 6 and value in initials


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def share_of_words(text: str, said: str) -> float:
    """Share of a text's telling words that another text has, by their first five letters."""
    stems = [word[:5] for word in _WORD.findall(_folded(text)) if word not in _COMMON]
    known = {word[:5] for word in _WORD.findall(_folded(said))}
    return sum(stem in known for stem in stems) / len(stems) if stems else 0.0


def untrue(messages: Sequence[Message], at: int, calls: list[Made]) -> Problem | None:
    """What an answer claims that the calls before it do not bear out, or what it leaves undone."""
    text = messages[at].content or ""
    first = max((number for number in range(at) if messages[number].role == "user"), default=0)
    own = [call for call in calls if first < call.at < at]
    earlier = [call for call in calls if call.at < at]
    if not any(not call.failed for call in earlier) and (claim := _DONE.search(text)):
        return Problem(at, claim[0], "Something is claimed as done, and no call has done it.")
    if not own and at == len(messages) - 1 and (promise := _PROMISED.search(text)):
        return Problem(at, promise[0].strip(), "Something is promised, and the conversation ends.")
    if not own:
        return None
    good = [call for call in own if call.answer is not None and not call.failed and not call.is_empty]
    bad = [call for call in own if call.failed and call.name not in {one.name for one in good}]
    if good and (refusal := _DECLINED.search(text)) and not _mentions(text, good):
        return Problem(at, refusal[0], "Calls succeeded, and the answer declines.")
    if bad and not _TROUBLE.search(text):
        return Problem(at, text[:80], "A call failed, and the answer does not say so.")
    is_silent = bool(good) and not _mentions(text, good) and not _is_about(text, messages, first, own)
    if is_silent and (len(good) == len(own) or not _TROUBLE.search(text)):
        return Problem(at, text[:80], "The answer has nothing of the results and nothing of the request.")
    return None


def neglected(messages: Sequence[Message], calls: list[Made]) -> Problem | None:
    """A code, address or link that the user gives in a turn with calls, and that neither calls nor answers take up."""
    users = [at for at, message in enumerate(messages) if message.role == "user"]
    for number, at in enumerate(users):
        end = users[number + 1] if number + 1 < len(users) else len(messages)
        own = [call for call in calls if at < call.at < end]
        if not own or any(call.failed or call.is_empty for call in own):
            continue
        used = _folded(
            " ".join([*(compact(call.arguments) for call in calls if call.at > at), *_answers(messages, at)])
        )
        for found in _CODE.findall(messages[at].content or ""):
            if _folded(found) not in used:
                return Problem(at, found, "The user gives this, and nothing is done with it.")
    return None


def misfit(call: Made, message: Message, schema: dict[str, Any] | None, known: Known) -> Problem | None:
    """Why a result cannot be what this call gives. `known` remembers things by their identifiers from result to result."""
    at, text = call.answer or 0, message.content or ""
    if isinstance(call.result, str) and _CHATTER.match(text):
        return Problem(at, text[:60], "This is talk, no data.")
    if call.failed:
        return None
    if schema is not None and (reason := _out_of_shape(call.result, schema)):
        return Problem(at, text[:60], reason)
    if not isinstance(call.result, dict):
        return None
    for name, value in call.result.items():
        given = call.arguments.get(name)
        if (
            isinstance(value, str)
            and isinstance(given, str)
            and _folded(value) != _folded(given)
            and _is_repeated(name)
        ):
            return Problem(at, json.dumps(value, ensure_ascii=False), f"The call has {given!r} as {name!r}.")
    return _contradiction(call, at, known)


def _is_repeated(name: str) -> bool:
    """Whether a result's field of an argument's name repeats it: what it is about, and not a state that a call changes."""
    return words(name).rpartition(" ")[2] in (
        "id",
        "city",
        "country",
        "symbol",
        "isbn",
        "currency",
        "language",
        "email",
    )


def _contradiction(call: Made, at: int, known: Known) -> Problem | None:
    """The same thing told in two ways. It is the same where all its identifiers are: `accountId` alone is its owner's."""
    for thing in _things(call.result):
        identity = tuple(sorted((name, str(one)) for name, one in thing.items() if _IDENTIFIER.search(words(name))))
        if not identity:
            continue
        before = known.setdefault(identity, thing)
        for name in _FIXED & thing.keys() & before.keys():
            if thing[name] != before[name] and not isinstance(thing[name], dict | list):
                written = json.dumps(thing[name], ensure_ascii=False)
                named = " ".join(one for _, one in identity)
                return Problem(at, written, f"{named} had {before[name]!r} as {name!r} before.")
    return None


def _things(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    if isinstance(node, dict | list):
        for one in node.values() if isinstance(node, dict) else node:
            yield from _things(one)


def _out_of_shape(result: Any, schema: dict[str, Any]) -> str | None:
    validator = compiled_or_reason(schema)
    if isinstance(validator, str):
        return None
    try:
        validator.validate(result)
    except jsonschema_rs.ValidationError as error:
        return f"The result does not fit the definition: {error.message}"[:400]
    return None


def _mentions(text: str, calls: list[Made]) -> bool:
    """Whether an answer has any value of the results, in some form."""
    folded = _folded(text)
    return any(_is_told(leaf, folded) for call in calls for leaf in _leaves(call.result))


def _is_told(leaf: Any, folded: str) -> bool:
    if isinstance(leaf, bool) or leaf is None:
        return False
    if isinstance(leaf, int | float):
        written = str(leaf) if isinstance(leaf, int) else f"{leaf:g}"
        return written in folded or f"{leaf:,}" in folded or str(leaf).partition(".")[0] in folded
    if day := re.match(r"\d{4}-\d\d-(\d\d)", leaf):
        return str(int(day[1])) in folded
    return len(leaf) > 1 and _folded(leaf.replace("_", " ")) in folded


def _is_about(text: str, messages: Sequence[Message], first: int, calls: list[Made]) -> bool:
    """Whether an answer shares a word with the request, the tools called or the fields of the results."""
    fields = " ".join(words(name) for call in calls for thing in _things(call.result) for name in thing)
    request = f"{messages[first].content or ''} {' '.join(words(call.name) for call in calls)} {fields}"
    generic = re.search(r"\b(?:done|went through|worked|all set|finished|completed|success\w*)\b", text, re.I)
    return bool(generic) or share_of_words(text, request) > 0


def _answers(messages: Sequence[Message], at: int) -> Iterator[str]:
    for message in messages[at + 1 :]:
        if message.role == "assistant":
            yield message.content or ""


def _leaves(node: Any) -> Iterator[Any]:
    if isinstance(node, dict | list):
        for one in node.values() if isinstance(node, dict) else node:
            yield from _leaves(one)
    else:
        yield node


def _loaded(content: str | None) -> Any:
    try:
        return json.loads(content or "null")
    except ValueError:
        return content


def _folded(text: str) -> str:
    """Lower case without accents and double spaces."""
    if not text.isascii():
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(text.lower().split())
