"""Words that give a spoilt definition away: boilerplate, and type names that a search-and-replace put inside other words.

34 of 100 published rows of the paper's data have `date` replaced by `string` all over the text (`start_string`, `valistringd`).
"""

from __future__ import annotations

import re
from typing import Final

_TYPES: Final = "string|integer|number|boolean|array|object"
_WORD: Final = re.compile(rf"[a-z]*(?:{_TYPES})[a-z]*")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SUFFIXES: Final = frozenset(
    "s ify ifies ified ifying ing ed er ers ent ently ency y ive ives ively ivity or ors ion ions ionable less like ly wise ness types type "
    "id ids name names key keys value values list lists field fields literal literals builder buffer format set store".split()
)
_PREFIXES: Final = frozenset(
    "sub doc bit byte bytes line multiline multi query conn connection ham shoe bow draw heart latch super json xml yaml hex base c w b f g h "
    "time date text format interned path url uri user raw plain template lang re un in non bi micro multipart sp geo phone serial version model "
    "order account card tracking house row page part case reference id batch invoice meta sub ad inter tele nd num py data file key value pro "
    "blob media my new old out".split()
)
_DATED: Final = (
    r"start|end|birth|due|departure|depart|arrival|return|check[ _-]?in|check[ _-]?out|expiry|expiration|release|publication|publish|booking|"
    r"delivery|event|issue|effective|deadline|creation|created|travel|trip|reservation|appointment|pickup|drop[ _-]?off|from|until|begin"
)
_DATE_AS_STRING: Final = re.compile(
    rf"(?:^|[^a-z])(?:{_DATED})[ _-]string(?![a-z ]*(?:value|field|length|literal|match|delimit))", re.I
)

_BOILERPLATE: Final = re.compile(
    r"""^\s*(?:
        (?:todo|tbd|fixme|n/?a|none|null|undefined|description|string|text|placeholder|insert\ description|no\ description(?:\ \w+)*|\.+|-+|\?+)\W*
      | (?:a|an|the|this|my|some)?\s*(?:tool|function|api|method|parameter|param|argument|value|field|property|thing)\W*
      | (?:this\ (?:is\ )?(?:a|the|an)?\s*)?(?:function|tool|api|method|parameter|argument)\ (?:does|is|for)\ (?:something|stuff|things|it)\W*
      | (?:the|a|an)?\s*description\ of\ (?:the|this|a)?\s*(?:tool|function|parameter|argument|api|field)\W*
      | lorem\ ipsum.*
    )$""",
    re.I | re.X,
)
_PLACEHOLDER: Final = re.compile(
    r"lorem ipsum|\{\{|\}\}|<(?:description|your[^>]*|insert[^>]*|placeholder)>|\[(?:description|insert [^\]]*|your [^\]]*)\]|\bTODO\b|\bFIXME\b",
    re.I,
)
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")


def garbled_word(text: str) -> str | None:
    """A word into which a type name was pasted (`valistringd`, `preobject`), or None."""
    for word in _WORD.findall(_CAMEL.sub(" ", text).lower()):
        if _is_garbled(word):
            return str(word)
    return None


def replaced_date(text: str) -> str | None:
    """`start_string`, `departure string`: a date that became the word `string`, or None."""
    match = _DATE_AS_STRING.search(_CAMEL.sub("_", text))
    return match[0].strip(" .,:;_-(") if match else None


def is_boilerplate(text: str, name: str) -> bool:
    """Whether a description says nothing: filler, a placeholder, or the name again."""
    if _BOILERPLATE.match(text) or _PLACEHOLDER.search(text):
        return True
    return bool(name) and _NOT_WORD.sub("", text.lower()) == _NOT_WORD.sub("", name.lower()) and " " not in name


def _is_garbled(word: str) -> bool:
    match = re.search(_TYPES, word)
    if match is None:
        return False
    before, after = word[: match.start()], word[match.end() :]
    if before and after:
        return before not in _PREFIXES or after not in _SUFFIXES
    if after:
        return after not in _SUFFIXES
    return bool(before) and before not in _PREFIXES and match[0] in ("string", "object", "integer", "boolean")
