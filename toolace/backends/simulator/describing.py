"""Descriptions of simulated APIs: what the API does, in a voice and at a length; longer ones say what comes back,
what can be left out and what goes wrong. Every sentence is computed from the definition, so it is true."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from toolace.backends.simulator.phrasing import lower_first, upper_first
from toolace.meaning import words
from toolace.semantics import ANNOTATION
from toolace.synth_apis.evolution import Style
from toolace.synth_apis.tree import Functionality

Schema = dict[str, Any]

FIELDS = 3
"""Parameters that a description names at most."""

_SHOWN = (2, 3, 3, 4)
"""How many fields of the result a description names."""

_NO_ARTICLE = frozenset(
    "what how when where why whether who which whose the a an all any every each another one other things "
    "people others from if until true false on off my our your its their his her".split()
)
_JOINED_VERB = re.compile(r"\b(?:and|or|then)\s+([a-z]+)\b|,\s+([a-z]+)\b")
_VERBS = frozenset(
    "abort accept accession acknowledge activate adapt add adjust admit adopt advance advertise advise agree "
    "alert align allow alter amend analyse analyze annotate announce answer appeal append apply appraise approve "
    "archive argue arm arrange ask assemble assess assign attach attend audit authorize autoscale back backfill "
    "balance ban become begin benchmark bid bill bind blend block book borrow break brew bring browse build bump "
    "buy calculate calibrate call cancel carry cast change charge chart charter chase check choose cite claim "
    "classify clean clock close collect combine comment commission compare compile complain complete compose "
    "compute conclude condense configure confirm connect contact contest contrast control convene convert copy "
    "correct correlate count create credit crop curtail cut decide declare decompose deduct defer define delay "
    "delegate delete deliver demand deny deploy deposit deprecate deregister derive describe design detect "
    "determine diagnose dial differentiate digitise dim disable discharge discover dispatch dispense display "
    "dispose dispute distribute divide document donate doubt download draft drain draw drive drop edit email enable end "
    "ends engage enrol enroll enter escalate estimate evaluate examine exchange excuse execute exercise expand "
    "explain export expose extend extract factorise feed fetch file fill finalize find finish fire fit fix flag "
    "follow forbid forecast formulate forward found frame freeze gather generate geocode get give grade grant "
    "group guess guide halt hand have heat hire hold identify import improve include inform insert inspect "
    "install integrate interrupt introduce invent invest investigate invite isolate issue join judge jump keep "
    "label launch lay leave lend let level license lift limit link list load locate lock lodge log look lookup "
    "lower mail make manage map mark mask master match measure merge message mix model modify monitor move "
    "multiply mutate mute name narrow negotiate nominate note notify object offer open oppose optimise optimize "
    "order organise pair pass pause pay pick pitch pivot place plan plate play plot polish poll post postpone "
    "practise precondition predict prefill preflight preheat prepare prescribe present preset price print probe "
    "produce profile program project prolong proofread propose protect provide provision publish purchase put "
    "qualify quantify quarantine query queue quote raise randomise rank rate ration react read reattempt rebook "
    "reboot recalculate recall recap receive recognise recognize recommend recompute reconcile record recover "
    "redeem redirect reduce refer refund refuse register rehearse reinvest reject release remember remind remove "
    "render renew rent repay repeat replace replicate reply report request reschedule research resell reserve "
    "reset resize resolve restart restore restrict retrieve retry return reverse review revise revoke rewind rewrite ring "
    "roll roster rotate route run save say scale scan schedule score scout screen search seat secure see segment "
    "select sell send sequence set settle share shift ship show sign silence simplify simulate size skip snooze "
    "solve sort sow split spot spread stack start state stock stop store stress stretch study style sublet submit "
    "subscribe subset substitute suggest sum summarise summarize superpose support suspend swap switch sync take "
    "teach tell terminate test text thank throw tick time toggle top trace track trade train transcribe transfer "
    "transform translate transpose triage trigger trim try tune turn typeset unlock unsubscribe update upload use "
    "validate value verify view visit void volunteer vote warm warn watch water weigh wipe withdraw work write".split()
)


def describe(
    leaf: Functionality, nouns: Sequence[str], parameters: Schema, returns: Schema, style: Style, rng: random.Random
) -> str:
    """The description of an API made of this functionality that can include `nouns`."""
    sentences = [_opening(leaf, style, rng)]
    if nouns:
        sentences.append(_included(nouns, rng))
    results, more = (
        _results(returns, rng, repeats=sentences[0].lower().startswith("return")),
        [_options(parameters, rng), _failure(returns, rng)],
    )
    if style.description == "medium":
        sentences.append(results if rng.random() < 0.7 else more[0])
    elif style.description == "long":
        sentences += [results, *more] if rng.random() < 0.5 else [results, rng.choice(more)]
    if style.description != "short" and style.voice != "use_this" and rng.random() < 0.5:
        sentences.insert(1, _occasion(leaf, rng))
    sentences = [text for text in sentences if text]
    return " ".join(sentences)


def _opening(leaf: Functionality, style: Style, rng: random.Random) -> str:
    text = " ".join(leaf.summary.split()).rstrip(". ")
    first, _, rest = text.partition(" ")
    first = rng.choice(_ALIKE.get(first.lower(), (first.lower(),))) if rng.random() < 0.5 else first.lower()
    text = f"{upper_first(first)} {rest}"
    if style.voice == "third_person" and first in _VERBS and not _has_second_verb(text):
        text = third_person(text)
    elif style.voice == "use_this" and first in _VERBS:
        text = f"Use this to {lower_first(text)}"
    return f"{text}."


_ALIKE = {
    **dict.fromkeys(("return", "get", "fetch", "retrieve"), ("return", "get", "fetch", "retrieve", "give", "provide")),
    "calculate": ("calculate", "compute", "determine"),
    "compute": ("compute", "calculate", "determine"),
    "predict": ("predict", "forecast"),
    "create": ("create", "add"),
    "search": ("search", "browse"),
    "recommend": ("recommend", "suggest"),
    "reserve": ("reserve", "book"),
    "book": ("book", "reserve"),
    "record": ("record", "log"),
    "delete": ("delete", "remove"),
    "state": ("state", "report", "tell"),
    "show": ("show", "display"),
    "list": ("list", "show"),
}
"""Verbs with which a description may open for each other, whatever follows."""


def _occasion(leaf: Functionality, rng: random.Random) -> str:
    """When to call it, by one or two of the goals for which people ask: `Call it to find a hotel.`"""
    goals = [goal for goal in leaf.inputs.get(ANNOTATION, {}).get("goals", ()) if not _PERSONAL.search(goal)]
    if not goals:
        return ""
    said = " or to ".join(rng.sample(goals, min(len(goals), rng.randint(1, 2))))
    forms = ("Call it to {}.", "Use it when someone wants to {}.", "Meant for those who want to {}.", "Helps to {}.")
    return rng.choice(forms).format(said)


_PERSONAL = re.compile(r"\b(?:I|me|my|mine|myself|we|us|our|ours|you|your|it|this|that|these|those)\b")
"""Words of goals that only the one who asks can say."""


def third_person(text: str) -> str:
    """`Find hotels` -> `Finds hotels`."""
    first, _, rest = text.partition(" ")
    if first.endswith(("s", "sh", "ch", "x", "z", "o")):
        ending = "es"
    elif first.endswith("y") and first[-2:-1] not in "aeiou":
        first, ending = first[:-1], "ies"
    else:
        ending = "s"
    return f"{first}{ending} {rest}".rstrip()


def _has_second_verb(text: str) -> bool:
    """Whether another verb follows, which would have to change with the first."""
    return any((one or other) in _VERBS for one, other in _JOINED_VERB.findall(text))


def _included(nouns: Sequence[str], rng: random.Random) -> str:
    said = _listed([words(noun) for noun in nouns])
    return rng.choice(
        (
            f"The {said} can be included.",
            f"On request, the result also holds the {said}.",
            f"Can return the {said} as well.",
        )
    )


def _results(returns: Schema, rng: random.Random, *, repeats: bool) -> str:
    """`Returns the hotels; each entry has the name of the hotel and the price of one night.`"""
    fields = returns.get("properties", {})
    gives = "The result holds" if repeats else "Returns"
    lists = [(name, one["items"]) for name, one in fields.items() if one.get("items", {}).get("properties")]
    if lists:
        name, items = lists[0]
        said = _said(items["properties"], rng)
        return f"{gives} the {words(name)}; each entry has {_listed(said)}." if said else ""
    said = _said(fields, rng)
    return f"{gives} {_listed(said)}." if said else ""


def _said(fields: Schema, rng: random.Random) -> list[str]:
    """Some fields by their descriptions, units left out: `the price of one night`, `how many are left`."""
    texts = [
        str(one.get("description", "")).rstrip(".").partition(", ")[0]
        for one in fields.values()
        if "when" not in one.get(ANNOTATION, {}) and one.get("type") != "boolean"
    ]
    said = [lower_first(with_article(text)) for text in texts if _is_noun(text)]
    some = sorted(rng.sample(range(len(said)), min(len(said), rng.choice(_SHOWN))))
    return [said[at] for at in some]


def with_article(text: str) -> str:
    """`Day of arrival` as `The day of arrival`; what opens otherwise than with a noun stays."""
    first = text.partition(" ")[0].lower().rstrip(",;:.")
    return text if first in _NO_ARTICLE or not _is_noun(text) else f"The {lower_first(text)}"


def _is_noun(text: str) -> bool:
    """Whether a description can stand after `Returns the …`."""
    is_other = _CLAUSE.match(text) or _DONE.match(text) or text.endswith((" now", " today"))
    return text[:1].isalpha() and not is_other


_CLAUSE = re.compile(r"(?:An?|The|Half|One|This) ")
"""Openings of descriptions that are sentences of their own, such as `A quarter earns less`."""
_DONE = re.compile(
    r"(?:[A-Za-z]+ed (?:when|if|by|for|on|at|in|to|from|with|after|before|of|as|so|and|is|are|per)|"
    r"[Ss]till|[Aa]lready|[Oo]nly|[Ii]n|[Aa]t|[Oo]n|[Bb]y|[Aa]s|[Tt]o|[Ff]or|[Ww]ith|[Hh]igher|[Ll]ower|[Nn]ot) "
)
"""Openings without a noun, such as `Charged when it breaks` or `Still to come`."""


def _options(parameters: Schema, rng: random.Random) -> str:
    """What has to be given, by name, where there is more."""
    required = parameters.get("required", ())
    if len(parameters["properties"]) - len(required) < 2 or len(required) > FIELDS:
        return ""
    if not required:
        return rng.choice(("All parameters are optional.", "Called without parameters, it uses its defaults."))
    names = _listed([f"`{name}`" for name in required])
    verb = "is" if len(required) == 1 else "are"
    return rng.choice((f"Only {names} {verb} required.", f"{names} must be given; the rest is optional."))


def _failure(returns: Schema, rng: random.Random) -> str:
    text = str(returns.get(ANNOTATION, {}).get("fails", "")).strip()
    sentences = (
        'When it cannot be done, the error says why, for example "{}"',
        'Fails with a message such as "{}"',
        'A request that cannot be met is answered with an error such as "{}"',
        'Errors come as plain text ("{}").',
    )
    return rng.choice(sentences).format(text) if text else ""


def _listed(said: Sequence[str]) -> str:
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
