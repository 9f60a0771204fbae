"""People, addresses and codes that belong to nobody, from Faker's lists of names."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from toolace.backends.simulator.words import ADJECTIVES, NOUNS
from toolace.meaning import words

_ENDINGS = ("com", "org", "net")
_SUFFIXES = ("pdf", "docx", "xlsx", "csv", "png", "jpg", "txt", "zip")
_BUSINESSES = ("Ltd", "Group", "& Sons", "Partners", "Brothers", "Associates", "Company", "Works", "& Co", "Services")
_STREETS = ("Street", "Road", "Avenue", "Lane", "Square", "Way", "Court", "Drive", "Terrace", "Close")


_OF_ANYBODY = frozenset("e mail email address work business user account login contact first given full name".split())
"""What an address or a name is called without saying whose it is."""


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    from faker.providers.person.en_US import Provider

    return tuple(Provider.first_names), tuple(Provider.last_names)


def invented(kind: str, rng: random.Random) -> str | None:
    """A value of a kind that must not exist: telephone numbers of the range kept free for fiction, hosts under example.*."""
    make = _MAKERS.get(kind)
    return make(rng) if make else None


_BY_USE = (
    (re.compile(r"\b(image|photo|picture|cover|logo|banner|scan|screenshot|portrait|drawing)"), ("png", "jpg")),
    (re.compile(r"\b(video|clip|film|footage)"), ("mp4", "mov")),
    (re.compile(r"\b(audio|sound|recording|voice|podcast|song|track)"), ("mp3", "wav")),
    (re.compile(r"\b(data|table|export|rows|spreadsheet|sheet|statistics)"), ("csv", "xlsx")),
    (
        re.compile(
            r"\b(label|report|invoice|contract|letter|cv|r[eé]sum[eé]|certificate|ticket|print|document|form|plan|manual)"
        ),
        ("pdf",),
    ),
    (re.compile(r"\b(manuscript|synopsis|text|draft|essay|chapter)"), ("docx", "pdf")),
)


def file_for(use: str, rng: random.Random) -> str:
    """A file's name with an ending that suits what it is for: `photo of the damage` ends in png or jpg."""
    endings = next((found for pattern, found in _BY_USE if pattern.search(use)), _SUFFIXES)
    return f"{rng.choice(ADJECTIVES)}_{rng.choice(NOUNS)}.{rng.choice(endings)}"


def of_the_same_person(kind: str, name: str, beside: Mapping[str, Any], rng: random.Random) -> str | None:
    """An e-mail address for the person who is named beside it, or a name for the address; None where it may be another's.

    `name` is the field's, `beside` holds what stands next to it: `host_email` is made of `host_name`, never of `guest_name`.
    """
    texts = {other: value for other, value in beside.items() if isinstance(value, str)}
    read = {other: _named(other, value) if kind == "email" else _mailbox(value) for other, value in texts.items()}
    people = [(_whose(other), person) for other, person in read.items() if person]
    fitting = [person for whose, person in people if whose == _whose(name)]
    if not fitting and len(people) == 1 and not _whose(name):
        fitting = [people[0][1]]
    first, _, last = fitting[0].partition(" ") if fitting else ("", "", "")
    if kind == "email" and first:
        return f"{first}.{last or _last(rng)}@example.{rng.choice(_ENDINGS)}".lower()
    return f"{first} {last}" if last and kind == "person_name" else first or None


def partner_of(name: str, arguments: Mapping[str, Any]) -> str | None:
    """The argument that with this one makes a person: the address made of a name, or the name it is made of."""
    value = str(arguments[name]).lower()
    for other, beside in arguments.items():
        pair = sorted((value, str(beside).lower()), key=lambda text: "@" in text)
        if (
            other != name
            and "@" in pair[1]
            and "@" not in pair[0]
            and pair[1].startswith(f"{pair[0].partition(' ')[0]}.")
        ):
            return other
    return None


def _whose(name: str) -> frozenset[str]:
    """What a field's name says of the person whose name or address it holds."""
    return frozenset(words(name).split()) - _OF_ANYBODY


def _named(name: str, value: str) -> str:
    """The value if it names a person: with the surname, or alone in a field that is called a name; else nothing."""
    first, _, last = value.partition(" ")
    firsts, lasts = _known_names()
    named = last.lower() in lasts if last else words(name).endswith("name")
    return value if named and first.lower() in firsts else ""


def _mailbox(address: str) -> str:
    """First name and surname out of an address that is made of them; else nothing."""
    box, at, _ = address.partition("@")
    first, _, last = box.partition(".")
    return _named("full name", f"{first.capitalize()} {last.capitalize()}") if at and last else ""


@lru_cache(maxsize=1)
def _known_names() -> tuple[frozenset[str], frozenset[str]]:
    firsts, lasts = _names()
    return frozenset(map(str.lower, firsts)), frozenset(map(str.lower, lasts))


def _first(rng: random.Random) -> str:
    return rng.choice(_names()[0])


def _last(rng: random.Random) -> str:
    return rng.choice(_names()[1])


def _username(rng: random.Random) -> str:
    first, last = _first(rng).lower(), _last(rng).lower()
    return rng.choice(
        (f"{first[0]}{last}", f"{first}{rng.randint(2, 99):02d}", f"{first}.{last}", f"{last}{first[:2]}")
    )


def _phone(rng: random.Random) -> str:
    return f"{rng.choice(('+1-', ''))}{rng.randint(201, 989)}-555-01{rng.randint(0, 99):02d}"


def _host(rng: random.Random, word: str) -> str:
    return f"{word}.example.{rng.choice(_ENDINGS)}"


def _url(rng: random.Random) -> str:
    return f"https://{_host(rng, rng.choice(NOUNS))}/{rng.choice(ADJECTIVES)}-{rng.choice(NOUNS)}"


def _isbn(rng: random.Random) -> str:
    digits = f"978{rng.randrange(10**9):09d}"
    check = -sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10
    return f"{digits}{check}"


def _plate(rng: random.Random) -> str:
    letters = "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(3))
    return f"{letters}-{rng.randint(100, 9999)}"


_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "first_name": _first,
    "last_name": _last,
    "person_name": lambda rng: f"{_first(rng)} {_last(rng)}",
    "username": _username,
    "email": lambda rng: f"{_first(rng).lower()}.{_last(rng).lower()}@example.{rng.choice(_ENDINGS)}",
    "company": lambda rng: f"{_last(rng)} {rng.choice(_BUSINESSES)}",
    "phone": _phone,
    "street_address": lambda rng: f"{rng.randint(1, 240)} {_last(rng)} {rng.choice(_STREETS)}",
    "postal_code": lambda rng: f"{rng.randint(1000, 99999):05d}",
    "license_plate": _plate,
    "uuid": lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "ip_address": lambda rng: (
        f"{rng.choice((10, 172, 192))}.{rng.randint(16, 31)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"
    ),
    "isbn": _isbn,
    "url": _url,
    "domain_name": lambda rng: _host(rng, f"{rng.choice(ADJECTIVES)}-{rng.choice(NOUNS)}"),
}
