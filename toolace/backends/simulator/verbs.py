"""What a tool does, as a verb phrase: from its description, in the infinitive and in the past."""

from __future__ import annotations

import re
from functools import lru_cache

from toolace.meaning import words
from toolace.records import Api
from toolace.synth_apis.companions import READING

_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n")
_USE_THIS = re.compile(r"[Uu]se this (?:tool |function )?to ([^:]+)")
_BRACKETS = re.compile(r"\s*[(\[{][^)\]}]*[)\]}]")
_MARKS = re.compile(r"[`*]")
_CAMEL = re.compile(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+")
_RESOURCE = re.compile(r"\b(?!of\b|the\b|all\b|a\b|and\b)([A-Za-z-]+) resources?\b(?= |$|,)")
_AT_A_PLACE = re.compile(
    r",? (?:in|within|for|available to|belonging to|under|on) (?:the |a )?(?:specified|given|current) "
    r"(?:project|region|zone|scope|location|account|organization|sub-block|request)\b.*$"
)
_REQUEST = re.compile(
    r" (?:with|using) the (?:data|information|parameters|values) (?:included|specified|provided|given) in the request\b"
)
_POSSIBLY = re.compile(r", (?:possibly|optionally|if any|including|which|based on|as well as|using)\b.*$")
_SPECIFIED = re.compile(r"\b(?:the |an? )?(?:specified|given|requested|provided),? (?:existing )?((?:[\w'-]+ ?){1,4})")
_STOPS = frozenset("of in on at for from to with by and or that which under within into as using".split())
_DANGLING = ("and", "or", "the", "a", "an", "of", "for", "to", "in", "on", "with", "by", "that", "which", "as", "from")
_NO_VERBS = ("the", "a", "an", "this", "these", "for", "if", "in", "it")


@lru_cache(maxsize=16384)
def infinitive(name: str, description: str) -> str:
    """A bare infinitive from a description: `Creates an event in a calendar.` -> `create an event in a calendar`."""
    text = _BRACKETS.sub("", _SENTENCE_END.split(description.strip(), maxsplit=1)[0]).strip(" .:;,")
    if match := _USE_THIS.match(text):
        text = match[1]
    text = _plainer(text)
    tokens = text.split()
    if len(tokens) > 2 and tokens[0].endswith("ly"):
        tokens = tokens[1:]
    first = _bare(tokens[0].lower()) if tokens and tokens[0].isalpha() else ""
    if len(tokens) < 2 or not first or first in _NO_VERBS:
        return words(name.rpartition(".")[2])
    if len(tokens) > 3 and tokens[1] in ("and", "or") and tokens[0].lower() != first and tokens[2].isalpha():
        tokens[2] = _bare(tokens[2])
    return " ".join([first, *_shortened(tokens[1:])])


def looks_up(api: Api) -> bool:
    """Whether a tool finds, tells or works something out, by the verb of its description."""
    verb = infinitive(api.name, api.description).partition(" ")[0]
    return verb in READING or verb in ("list", "look", "aggregate", "query", "wait", "test")


def _plainer(text: str) -> str:
    """A reference's first sentence without what nobody says: `the specified Snapshot resource` -> `a snapshot`."""
    text = _REQUEST.sub("", text)
    text = _CAMEL.sub(lambda match: words(match[0]), _MARKS.sub("", text))
    if "specified" not in text and "given" not in text and " resource" not in text and ", " not in text:
        return text
    text = _POSSIBLY.sub("", _AT_A_PLACE.sub("", text))
    return _SPECIFIED.sub(_some, _RESOURCE.sub(_thing, text)) if "specified" in text or " resource" in text else text


def _thing(match: re.Match[str]) -> str:
    """`Snapshot resource` -> `snapshot`, `URL resource` -> `URL`."""
    return match[1].lower() if match[1][1:].islower() else match[1]


def _some(match: re.Match[str]) -> str:
    thing = match[1].split()
    length = next((at for at, word in enumerate(thing) if word in _STOPS), len(thing))
    last = thing[max(0, length - 1)] if thing else ""
    if last in ("resource", "resources") and length > 1:
        last = thing[length - 2]
    if last.endswith("s") and not last.endswith(("ss", "us", "is")):
        return match[1]
    return f"{'an' if thing and thing[0][0].lower() in 'aeiou' else 'a'} {match[1]}"


def _bare(verb: str) -> str:
    verb = {"returns": "get", "return": "get", "retrieves": "get", "retrieve": "get", "gets": "get"}.get(verb, verb)
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    if verb.endswith(("shes", "ches", "sses", "xes", "zzes")):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith(("ss", "us", "is")) else verb


def _shortened(tokens: list[str]) -> list[str]:
    """The first dozen words, not cut inside a phrase where a comma allows it."""
    if len(tokens) <= 14:
        return tokens
    cut = next((at for at in range(13, 4, -1) if tokens[at].endswith((",", ";", ":"))), 13)
    kept = [*tokens[:cut], tokens[cut].rstrip(",;:")]
    while len(kept) > 3 and kept[-1].lower() in _DANGLING:
        kept.pop()
    return kept


def past_tense(clause: str) -> str:
    """A bare infinitive's clause in the past: `delete a file` -> `deleted a file`; empty for what is no verb."""
    verb, _, rest = clause.partition(" ")
    if not verb.isalpha() or not rest:
        return ""
    joint, _, more = rest.partition(" ")
    if joint in ("and", "or") and (match := re.match(r"([a-z]+) (.+)", more)):
        rest = f"{joint} {_past(match[1])} {match[2]}"
    return f"{_past(verb)} {rest}"


def _past(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("e"):
        return f"{verb}d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f"{verb[:-1]}ied"
    if re.fullmatch(r"[bcdfghklmnprst]*[aeiou][bdgmnpt]", verb):
        return f"{verb}{verb[-1]}ed"
    return f"{verb}ed"


_IRREGULAR = {
    "get": "looked up", "send": "sent", "set": "set", "put": "put", "find": "found", "make": "made", "write": "written",
    "read": "read", "give": "given", "take": "taken", "begin": "begun", "run": "run", "build": "built", "buy": "bought",
    "sell": "sold", "hold": "held", "keep": "kept", "pay": "paid", "tell": "told", "let": "let", "reset": "reset",
    "undo": "undone", "withdraw": "withdrawn", "draw": "drawn", "submit": "submitted", "cancel": "cancelled",
    "transfer": "transferred", "permit": "permitted", "commit": "committed", "attach": "attached", "bring": "brought",
    "hide": "hidden", "show": "shown", "spend": "spent", "split": "split", "choose": "chosen", "see": "seen",
    "see to": "seen to", "upload": "uploaded", "edit": "edited", "visit": "visited", "open": "opened", "list": "listed",
    "exit": "exited", "limit": "limited", "refer": "referred", "do": "done", "go": "gone", "win": "won", "lock": "locked",
}  # fmt: skip
"""Past participles that no rule gives; a report says `I have …`."""
