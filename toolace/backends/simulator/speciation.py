"""The simulator as reader: a document's domain and functionalities, from its structure or from what its sentences offer."""

from __future__ import annotations

import random
import re

from toolace.backends.simulator.phrasing import upper_first
from toolace.meaning import words
from toolace.synth_apis.speciation import (
    FoundFunctionality,
    FoundInput,
    OperationDigest,
    SpeciationContext,
    SpeciationReply,
)
from toolace.synth_apis.tree import slug

_VERBS = frozenset(
    "add adjust analyse analyze apply approve archive assign book build buy calculate cancel change check choose clear compare compute "
    "configure confirm connect convert copy count create delete describe detect determine disable display download edit enable estimate "
    "evaluate export extract filter find forecast generate get import inspect install list load locate log look manage mark measure merge "
    "modify monitor move notify open order pause pay plan play predict print publish query rank read receive recommend record refund "
    "register remind remove rename renew rent reorder replace report request reschedule reserve reset resize restart restore resume "
    "retrieve return review rotate run save scan schedule search select sell send set share show sign sort split start stop store stream "
    "submit subscribe suggest summarise summarize switch sync test track transfer translate trim turn unlock unsubscribe update upload "
    "validate verify view watch weigh withdraw write".split()
)
_OFFER = re.compile(
    r"\b(?:you can|users? can|lets you|allows you to|allow you to|helps you to?|enables you to|used to|in order to|how to|to)\s+"
    r"(?:also |then |easily |quickly )?([a-z]+ [^.;:,\n]{3,60})",
    re.I,
)
_CODE = re.compile(r"`([A-Za-z][A-Za-z0-9_ -]{1,30})`")
_NEEDS = re.compile(
    r"\b(?:enter|give|specify|provide|by|for a given|with a|select|choose) (?:the |a |an |your )?([a-z][a-z ]{2,24}?)(?=[.,;:)]| and | to | in | or |$)"
)
_STOP = frozenset(
    "the a an of for to and in on with api apis service services reference guide manual user documentation docs overview v1 v2 v3 "
    "cloud platform using how getting started introduction".split()
)
_NUMERIC = re.compile(r"\b(number|count|amount|size|limit|quantity|age|price|duration|weight|length|width|height)\b")


def speciate(context: SpeciationContext, rng: random.Random) -> SpeciationReply:
    """Domain and functionalities of one chunk."""
    domain = context.domain or _domain(context)
    if context.operations:
        found = tuple(_from_operation(operation, context) for operation in context.operations)
    else:
        found = tuple(_from_prose(context))
    return SpeciationReply(domain=domain, functionalities=found)


def _domain(context: SpeciationContext) -> tuple[str, ...]:
    """The title's own words: no vendor, no `API`, no fillers."""
    vendor = set(words(context.vendor or "").split())
    kept = [word for word in words(context.title).split() if word not in _STOP and word not in vendor]
    return ("_".join(kept[:4]) or slug(context.title),)


def _from_operation(operation: OperationDigest, context: SpeciationContext) -> FoundFunctionality:
    name = _verb_first(operation.name, operation.group, context)
    summary = _without(operation.description, context.vendor) or upper_first(name)
    subdomain = operation.group[-1] if operation.group else None
    if subdomain and slug(subdomain) in context.domain:
        subdomain = None
    return FoundFunctionality(
        name=name[:80],
        summary=summary if len(summary) >= 8 else f"{upper_first(name)} on request",
        subdomain=subdomain,
        operation=operation.name,
    )


def _verb_first(name: str, group: tuple[str, ...], context: SpeciationContext) -> str:
    """`calendar.events.insert` -> `insert events`; `DescribeInstances` -> `describe instances`."""
    parts = [words(part) for part in re.split(r"[./:]", name) if part]
    if len(parts) > 1:
        noun = parts[-2] if len(parts) > 2 or slug(parts[-2]) not in context.domain else parts[-2]
        text = (
            f"{parts[-1]} {noun}"
            if parts[-1].split()[0] in _VERBS or len(parts[-1].split()) == 1
            else f"{noun} {parts[-1]}"
        )
    else:
        text = parts[0] if parts else words(name)
    if " " not in text and group:
        text = f"{text} {words(group[-1])}"
    return _without(text, context.vendor).lower() or words(name)


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
