"""The simulator as reader: a document's domain and functionalities, from its structure or from what its sentences
offer."""

from __future__ import annotations

import random
import re
from collections import Counter

from toolace.backends.simulator.phrasing import upper_first
from toolace.meaning import words
from toolace.synth_apis.distilling import Clean, brand_remover, one_sentence
from toolace.synth_apis.speciation import (
    FoundFunctionality,
    FoundInput,
    OperationDigest,
    SpeciationContext,
    SpeciationReply,
)
from toolace.synth_apis.tree import singular, slug

_VERBS = frozenset(
    "add adjust analyse analyze apply approve archive assign book build buy calculate cancel change check "
    "choose clear compare compute "
    "configure confirm connect convert copy count create delete describe detect determine disable display "
    "download edit enable estimate "
    "evaluate export extract filter find forecast generate get import inspect install list load locate log "
    "look manage mark measure merge "
    "modify monitor move notify open order pause pay plan play predict print publish query rank read receive "
    "recommend record refund "
    "register remind remove rename renew rent reorder replace report request reschedule reserve reset resize "
    "restart restore resume "
    "retrieve return review rotate run save scan schedule search select sell send set share show sign sort "
    "split start stop store stream "
    "submit subscribe suggest summarise summarize switch sync test track transfer translate trim turn unlock "
    "unsubscribe update upload "
    "validate verify view watch weigh withdraw write".split()
)
_OFFER = re.compile(
    r"\b(?:you can|users? can|lets you|allows you to|allow you to|helps you to?|enables you to|used to|"
    r"in order to|how to|to)\s+"
    r"(?:also |then |easily |quickly )?([a-z]+ [^.;:,\n]{3,60})",
    re.I,
)
_CODE = re.compile(r"`([A-Za-z][A-Za-z0-9_ -]{1,30})`")
_NEEDS = re.compile(
    r"\b(?:enter|give|specify|provide|by|for a given|with a|select|choose) (?:the |a |an |your )?"
    r"([a-z][a-z ]{2,24}?)(?=[.,;:)]| and | to | in | or |$)"
)
_STOP = frozenset(
    "the a an of for to and in on with api apis service services reference guide manual user documentation "
    "docs overview v1 v2 v3 "
    "cloud platform using how getting started introduction".split()
)
_NUMERIC = re.compile(r"\b(number|count|amount|size|limit|quantity|age|price|duration|weight|length|width|height)\b")


def speciate(context: SpeciationContext, rng: random.Random) -> SpeciationReply:
    """Domain and functionalities of one chunk."""
    clean = brand_remover(context.title, context.vendor) if context.is_foreign else str
    domain = context.domain or _domain(context, clean)
    if context.operations and context.is_foreign:
        found = tuple(_from_operation(operation, domain, clean) for operation in context.operations)
    elif context.operations:
        found = tuple(_as_it_is(operation, domain) for operation in context.operations)
    else:
        found = tuple(_from_prose(context))
    return SpeciationReply(domain=domain, functionalities=found)


def _domain(context: SpeciationContext, clean: Clean) -> tuple[str, ...]:
    """The title's own words: no brand, no `API`, no fillers; where nothing is left, the most frequent noun of the
    operations."""
    kept = [word for word in words(clean(words(context.title))).split() if word not in _STOP]
    if kept:
        return ("_".join(kept[:4]),)
    groups = Counter(slug(one.group[-1]) for one in context.operations if one.group)
    return (groups.most_common(1)[0][0] if groups else "services",)


def _from_operation(operation: OperationDigest, domain: tuple[str, ...], clean: Clean) -> FoundFunctionality:
    name = _verb_first(operation.name, operation.group, clean)
    summary = one_sentence(operation.description, clean)
    if len(summary.split()) < 3 or summary.split()[0].lower() in ("this", "note", "the", "for"):
        verb, _, rest = name.partition(" ")
        summary = f"{upper_first(verb)} {_article(rest)}{rest}"
    subdomain = words(clean(words(operation.group[-1]))) if operation.group else ""
    return FoundFunctionality(
        name=name[:80],
        summary=summary if len(summary) >= 8 else f"{upper_first(name)} on request",
        subdomain=None if not subdomain or slug(subdomain) in domain else subdomain,
        operation=operation.name,
    )


def _as_it_is(operation: OperationDigest, domain: tuple[str, ...]) -> FoundFunctionality:
    """A catalogue's function: its name is verb and noun already."""
    subdomain = operation.group[-1] if operation.group and slug(operation.group[-1]) not in domain else None
    return FoundFunctionality(
        name=words(operation.name), summary=operation.description, subdomain=subdomain, operation=operation.name
    )


def _article(noun: str) -> str:
    last = noun.split(" ")[-1]
    if not noun or singular(last) != last:
        return ""
    return "an " if noun[0] in "aeiou" else "a "


_PLAIN_VERBS = {"insert": "create", "patch": "update", "describe": "get", "put": "set", "del": "delete"}
_MANY = frozenset("list search aggregated batch query find count scan export import".split())
_FACETS = frozenset(
    "all status policy metadata config configuration settings state info details permissions history usage".split()
)


def _verb_first(name: str, group: tuple[str, ...], clean: Clean) -> str:
    """`calendar.events.insert` -> `create event`; `DescribeInstances` -> `get instances`;
    `projects.things.getIamPolicy` -> `get thing iam policy`."""
    parts = [words(clean(words(part))) for part in re.split(r"[./:]", name) if part]
    parts = [part for part in parts if part] or [words(name)]
    method = parts[-1].split()
    if method[0] not in _VERBS and method[0] not in _PLAIN_VERBS and method[-1] in _VERBS:
        method = [method[-1], *method[:-1]]
    verb, rest = _PLAIN_VERBS.get(method[0], method[0]), method[1:]
    noun = (parts[-2] if len(parts) > 1 else words(clean(words(group[-1]))) if group else "").split()
    if noun and verb not in _MANY:
        noun = [*noun[:-1], singular(noun[-1])]
    if not rest:
        rest = noun
    elif len(rest) <= 2 and rest[-1] in _FACETS and not set(noun) & set(rest):
        rest = [*noun, *rest]
    return " ".join([verb, *(rest or ["entries"])])


def _from_prose(context: SpeciationContext) -> list[FoundFunctionality]:
    """What headings, list items and sentences say that one can do."""
    found: dict[str, FoundFunctionality] = {}
    for paragraph in re.split(r"\n\s*\n|(?=\n#{1,6} )", context.text):
        for phrase, sentence in _offers(paragraph):
            name = _short(_without(phrase, context.vendor))
            if name and slug(name) not in found:
                summary = _without(sentence, context.vendor)[:300]
                found[slug(name)] = FoundFunctionality(
                    name=name,
                    summary=summary if len(summary) >= 8 else f"{upper_first(name)} on request",
                    inputs=_inputs(paragraph),
                )
    return list(found.values())


def _offers(paragraph: str) -> list[tuple[str, str]]:
    """(verb phrase, sentence it stands in) pairs of a paragraph."""
    found: list[tuple[str, str]] = []
    for line in paragraph.splitlines():
        text = re.sub(r"^[#>*+\-\s\d.)]+", "", line).strip()
        first = text.split(" ")[0].lower().rstrip(":,.")
        if text != line.strip() and first in _VERBS and len(text.split()) >= 2:
            found.append((re.split(r"[.:;(]", text)[0], text))
    flat = " ".join(paragraph.split())
    for sentence in re.split(r"(?<=[.!?])\s+", flat):
        for match in _OFFER.finditer(sentence):
            if match[1].split()[0].lower() in _VERBS:
                found.append((match[1], sentence.lstrip("#-* ")))
    return found


def _short(phrase: str) -> str:
    """A verb phrase of two to five words, cut before prepositions and joints."""
    taken: list[str] = []
    for word in re.findall(r"[a-z0-9'-]+", phrase.lower()):
        if taken and word in (
            "by",
            "with",
            "for",
            "from",
            "in",
            "on",
            "at",
            "using",
            "via",
            "when",
            "if",
            "and",
            "or",
            "to",
            "that",
            "which",
            "as",
            "so",
        ):
            break
        if word not in ("a", "an", "the", "your", "their", "its", "new", "any", "all"):
            taken.append(word)
        if len(taken) == 5:
            break
    return " ".join(taken) if len(taken) >= 2 else ""


def _inputs(paragraph: str) -> tuple[FoundInput, ...]:
    """Values a paragraph speaks of: code words, and what is to be given."""
    flat = " ".join(paragraph.split()).lower()
    named = [match for match in _CODE.findall(paragraph) if match.lower() not in _VERBS]
    named += [match.strip() for match in _NEEDS.findall(flat) if len(match.split()) <= 3]
    found: dict[str, FoundInput] = {}
    for name in named:
        key = slug(name)
        if key not in found and len(found) < 6:
            kind = "number" if _NUMERIC.search(words(name)) else "string"
            found[key] = FoundInput(
                name=name[:64], type=kind, description=f"{upper_first(words(name))} to use", required=not found
            )
    return tuple(found.values())


def _without(text: str, vendor: str | None) -> str:
    """A text without the provider's name."""
    for word in (vendor or "").split():
        if len(word) > 2:
            text = re.sub(rf"\b{re.escape(word)}(?:'s)?\b\s*", "", text, flags=re.I)
    return " ".join(text.split())
