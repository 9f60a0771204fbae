"""Words that give a spoilt definition away: boilerplate, and type names that were pasted over parts of other words.

34 of 100 published rows of the paper's data have `date` replaced by `string` all over: `start_string`, `valistringd`. The
patterns name the words that such a replacement makes, and no others: `substring` and `faultstring` are words people use.
"""

from __future__ import annotations

import re
from typing import Final

from toolace.rules.found import has_any

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TYPES: Final = ("string", "number", "array", "object", "integer", "boolean")
_GARBLED: Final = re.compile(
    r"""(?<![a-z])(?:
        # date -> string: update, validated, candidates, database, datetime
        (?:in|re)?(?:up|vali|candi|man|consoli|accommo|liqui|intimi|eluci|ante|inun|birth|post|back)string(?:s|d|r|rs)?
      | (?:pre|out)stringd
      | [a-z]*string(?:d|base|bases|time|times|zone|zones|stamp|stamps)
        # str -> string: street, strong, district, instructions, strategy, stream
      | [a-z]*string(?:eet|ong|ict|uct|ateg|ation|eam|ess|ike|aight|ain|ang|oke|oll|ugg|ial)[a-z]*
        # char -> string: charge, character, chart
      | [a-z]*string(?:ge|ges|ged|acter|acters|acteristics?|t|ts)
        # list -> array: specialist, listen, playlist
      | (?:specia|journa|nove|en|wish|play|check|watch|short|guest|waiting|minima|fina)array(?:s|ed|ing)?
      | arrayen(?:s|er|ers|ing|ed)?
        # dict -> object: predict, dictionary, verdict, jurisdiction
      | (?:pre|ver|ad|contra|juris|unpre)object(?:ed|s|ion|ions|ive|ing|or|able)?
      | objectionar(?:y|ies)
        # int -> integer: point, print, into, interest, maintain
      | (?:[a-z]*po|pr|repr|fingerpr|h|ma|fa|pa|appo|constra|compla)integer[a-z]*
      | integer(?:o|ernal|ernational|ernet|erest|erests|erested|erface|erval|eract|erview|ensity|ention)[a-z]*
        # num, bool, obj over themselves
      | numberber[a-z]* | numbereric[a-z]* | enumberat[a-z]* | booleanean[a-z]* | objectect[a-z]*
    )(?![a-z])""",
    re.X,
)
_DATED: Final = (
    r"start|end|birth|due|departure|arrival|check[ _-]?in|check[ _-]?out|expiry|expiration|release|publication|booking|"
    r"delivery|event|issue|effective|deadline|creation|travel|trip|reservation|appointment|pickup|drop[ _-]?off"
)
_DATE_AS_STRING: Final = re.compile(rf"(?:^|[^a-z])(?:{_DATED})[ _-]string(?![a-z ]*(?:value|field|liter|match|delim))")

_BOILERPLATE: Final = re.compile(
    r"""^\s*(?:
        (?:todo|tbd|fixme|n/?a|none|null|undefined|placeholder|\.+|-+|\?+)\W*
      | (?:insert\ description|no\ description(?:\ \w+)*)\W*
      | (?:a|an|the|this|my|some)\ +(?:tool|function|api|method|parameter|param|argument)\W*
      | (?:this\ (?:is\ )?(?:a|the|an)?\s*)?(?:function|tool|api|method|parameter|argument)
            \ (?:does|is|for)\ (?:something|stuff|things|it)\W*
      | (?:the|a|an)?\s*description\ of\ (?:the|this|a)\ (?:tool|function|parameter|argument|api|field)\W*
      | lorem\ ipsum.*
    )$""",
    re.I | re.X | re.S,
)
_PLACEHOLDER: Final = re.compile(
    r"(?i:lorem ipsum|\{\{ ?\w+ ?\}\}|<(?:description|your [^>]*|insert [^>]*|placeholder)>"
    r"|\[(?:description|insert [^\]]*|your [^\]]*)\])|\bTODO:|\bFIXME\b"
)
_PLACEHOLDER_HINTS: Final = ("<", "[", "{{", "todo:", "fixme", "lorem ipsum")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")


def names_a_type(lower: str) -> bool:
    """Whether a text in lower case has a type's name in it; only then can it have been pasted somewhere."""
    return has_any(_TYPES, lower)


def garbled_word(text: str) -> str | None:
    """A word into which a type name was pasted (`valistringd`, `preobject`), or None."""
    if not names_a_type(text.lower()):
        return None
    match = _GARBLED.search(_CAMEL.sub(" ", text).lower())
    return match[0] if match else None


def replaced_date(text: str) -> str | None:
    """`start_string`, `departure string`: a date that became the word `string`, or None."""
    if "tring" not in text:
        return None
    match = _DATE_AS_STRING.search(_CAMEL.sub("_", text).lower())
    return match[0].strip(" .,:;_-(") if match else None


def is_boilerplate(text: str, name: str) -> bool:
    """Whether a description says nothing: filler, a placeholder, or the name again."""
    if _BOILERPLATE.match(text) or (has_any(_PLACEHOLDER_HINTS, text.lower()) and _PLACEHOLDER.search(text)):
        return True
    return bool(name) and " " not in name and _NOT_WORD.sub("", text.lower()) == _NOT_WORD.sub("", name.lower())
