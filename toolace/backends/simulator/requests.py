"""Requests, put together from goals and phrases.

A request is lines: a line that ends in a comma opens the first sentence (`From 3 May,`), the next is a bare clause
for the user to frame (`find a hotel in Oslo`) or a question (`which hotels are free in Oslo?`), and each further one is a
finished sentence, or an item of a list when it starts with a dash.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from toolace.backends.simulator.arguments import Call
from toolace.backends.simulator.phrasing import Phrasing, fitting, upper_first
from toolace.backends.simulator.sayings import for_it
from toolace.gen_dialogs.references import references_in
from toolace.meaning import kind_of, words

OUTRIGHT = 0.4
"""Share of calls that are asked for by a question, where the definition has one."""
SHORT = 70
"""Characters up to which a clause takes another one along in the same sentence."""
_FRONTED = frozenset(
    [
        "in",
        "on",
        "at",
        "from",
        "since",
        "during",
        "around",
        "near",
        "this",
        "next",
        "last",
        "tomorrow",
        "today",
        "after",
        "before",
    ]
)
_PLACES_AND_TIMES = ("date", "time", "city", "country", "month", "weekday", "us_state")


class Composer:
    """Composes requests for one dialog."""

    def __init__(self, rng: random.Random, phrasing: Phrasing):
        self._rng, self._words = rng, phrasing
        self._used: set[str] = set()
        """Connectors of the request in hand, none of which is said twice."""

    def request(self, steps: Sequence[Sequence[Call]], without: tuple[Call, str] | None = None) -> str:
        """A wording of everything a turn asks for. `without` is a call and the parameter that the user leaves out."""
        lead, clause, more = "", "", []
        self._used.clear()
        for number, step in enumerate(steps):
            for at, group in enumerate(_grouped(step)):
                left_out = without[1] if without and without[0] in group else None
                opening, text, rest = self._asked(group, left_out, listed=not clause)
                if not clause:
                    lead, clause, more = opening, text, rest
                    continue
                text = _with_lead(text, opening)
                more += [*self._joined(text, then=number > 0 and at == 0), *rest]
                is_short = len(clause) + len(text) < SHORT * 1.6
                if len(more) == 1 and is_short and not clause.endswith("?") and not text.endswith("?"):
                    clause += self._inline(text, then=number > 0 and at == 0)
                    more = []
        return "\n".join([*([f"{upper_first(lead)},"] if lead else []), clause, *more])

    def _asked(self, group: list[Call], left_out: str | None, *, listed: bool) -> tuple[str, str, list[str]]:
        """Opening, clause and further sentences for one call, or for calls that vary it."""
        call = group[0]
        goal = self._words.goal(call.api)
        shared = [
            name for name in call.phrases if name != left_out and not any(name in one.varied for one in group[1:])
        ]
        ordered = self._ordered(call, shared)
        reference = self._reference(call, len(group), goal)
        if not reference and (question := self._words.question(call.api)) and self._rng.random() < OUTRIGHT:
            return _questioned(self._worded(group, question, ordered, listed=False))
        if len(group) > 1 and reference:
            return "", f"{goal}{reference}{_chained([call.phrases[name] for name in ordered])}", []
        return self._worded(group, f"{goal}{reference}", ordered, listed=listed)

    def _worded(self, group: list[Call], start: str, names: list[str], *, listed: bool) -> tuple[str, str, list[str]]:
        if len(group) == 1:
            return self._structured(group[0], start, names, listed=listed)
        return self._repeated(group, start, names)

    def _ordered(self, call: Call, names: list[str]) -> list[str]:
        """Required ones first, wishes and refusals last, two neighbours now and then exchanged."""
        ordered = sorted(names, key=lambda name: (_is_clause(call.phrases[name]), name not in call.required))
        if len(ordered) > 1 and self._rng.random() < 0.4:
            at = self._rng.randrange(len(ordered) - 1)
            if not _is_clause(call.phrases[ordered[at + 1]]):
                ordered[at], ordered[at + 1] = ordered[at + 1], ordered[at]
        return ordered

    def _structured(self, call: Call, goal: str, names: list[str], *, listed: bool) -> tuple[str, str, list[str]]:
        """One call's phrases, in one of the ways people arrange them."""
        phrases = [call.phrases[name] for name in names]
        fronted = next((at for at, name in enumerate(names) if _fronts(call, name)), None)
        size = min(len(names), 4)
        shape = self._rng.choices(("chain", "front", "split", "list"), _SHAPES[size])[0]
        if shape == "list" and listed and all(len(phrase) < 80 and not _is_clause(phrase) for phrase in phrases):
            return "", goal, [f"- {phrase}" for phrase in phrases]
        lead = ""
        if shape == "front" and fronted is not None:
            lead = phrases.pop(fronted)
            names = [name for at, name in enumerate(names) if at != fronted]
        kept = len(phrases)
        if shape == "split" or kept > 4:
            needed = sum(name in call.required for name in names)
            kept = max(1, min(kept - 1, needed if 0 < needed < kept else self._rng.randint(1, 3)))
        head, tail = phrases[:kept], names[kept:]
        return lead, goal + _chained(head), self._tail(call, tail)

    def _tail(self, call: Call, names: list[str]) -> list[str]:
        """Sentences for phrases that stand outside the main clause."""
        clauses = [call.phrases[name] for name in names if _is_clause(call.phrases[name])]
        plain = [name for name in names if not _is_clause(call.phrases[name])]
        sentences = []
        if plain:
            said = ", ".join(call.phrases[name] for name in plain)
            wishes = not any(name in call.required for name in plain)
            template = self._fresh(_WISHES if wishes else _DETAILS)
            sentences.append(upper_first(template.format(said, upper_first(said))))
        return sentences + [f"{upper_first(clause)}." for clause in clauses]

    def _repeated(self, group: list[Call], goal: str, names: list[str]) -> tuple[str, str, list[str]]:
        """The same thing several times: the values that differ beside each other, or one sentence after the other."""
        call, rest = group[0], [call_.varied for call_ in group[1:]]
        varied = list(dict.fromkeys(name for names_ in rest for name in names_))
        shared = [call.phrases[name] for name in names]
        alike = all(set(one) == set(varied) for one in rest)
        if alike and not _says_lists(call, names) and self._rng.random() < 0.72:
            if len(varied) == 1:
                return "", goal + _chained([self._listed(group, varied[0]), *shared]), []
            if together := self._together(group, varied):
                return "", goal + _chained([*shared, *together]), []
        own = [call.phrases[name] for name in varied]
        clause = goal + _chained([*own, *shared])
        return "", clause, [self._again(one, varied) for one in group[1:]]

    def _listed(self, group: list[Call], name: str) -> str:
        """`in Oslo and in Rome`, `once in Oslo and once in Rome`, `in Oslo and Rome`."""
        schema = group[0].properties[name]
        if self._rng.random() < (0.5 if len(group) == 2 else 0.85):
            said = self._words.phrased([call.arguments[name] for call in group], schema, name)
            if all(self._words.credited(said, call.arguments[name], schema, name) for call in group):
                _say(group, name, [said] * len(group))
                return said
        phrases = self._words.each([call.arguments[name] for call in group], schema, name)
        if not all(self._words.credited(" ".join(phrases), call.arguments[name], schema, name) for call in group):
            phrases = [call.phrases[name] for call in group]
        _say(group, name, phrases)
        if len(phrases) == 2:
            return self._rng.choice(_BOTH).format(*phrases)
        return self._rng.choice(("{0}, then {1}", "{0} and {1}", "{0} as well as {1}", "{0} and finally {1}")).format(
            ", ".join(phrases[:-1]), phrases[-1]
        )

    def _together(self, group: list[Call], varied: list[str]) -> list[str]:
        """`in Oslo and Rome, for two and three nights respectively`; nothing where a reader would lose a value."""
        said: list[str] = []
        for number, name in enumerate(varied):
            schema, ending = group[0].properties[name], " respectively" if number == len(varied) - 1 else ""
            phrase = self._words.phrased([call.arguments[name] for call in group], schema, name, ending)
            if not all(self._words.credited(phrase, call.arguments[name], schema, name) for call in group):
                return []
            said.append(phrase)
        for name, phrase in zip(varied, said, strict=True):
            _say(group, name, [phrase] * len(group))
        return said

    def _again(self, call: Call, names: Sequence[str]) -> str:
        said = for_it(" ".join(call.phrases[name] for name in names if name in call.phrases))
        return self._fresh(_AGAIN).format(said)

    def _reference(self, call: Call, calls: int, goal: str) -> str:
        """` for that hotel`: words that tie a call to the result it draws on."""
        links = [(name, found[0]) for name, value in call.arguments.items() if (found := references_in(value))]
        if not links:
            return ""
        if len(links) > 1:
            return self._rng.choice(_FOR_BOTH).format(*(_thing(call, name) for name, _ in links[:2]))
        name, value = links[0]
        thing = _thing(call, name)
        in_list = any(step.isdigit() for step in str(value["$path"]).split("."))
        options = _FOR_TWO if calls > 1 else _FOR_FIRST if in_list else _FOR_IT
        if thing.split()[-1] in goal.split():
            if options is _FOR_IT:
                return self._rng.choice(_WITH_IT)
            thing = ""
        if call.properties.get(name, {}).get("type") == "array":
            return self._rng.choice(_FOR_THEM).format(thing or "results")
        return self._rng.choice(options).format(thing or "one", _plural(thing) if thing else "ones")

    def _joined(self, clause: str, *, then: bool) -> list[str]:
        if clause.endswith("?"):
            return [self._fresh(_THEN_ASKED if then else _ALSO_ASKED).format(clause, upper_first(clause))]
        return [self._fresh(fitting(_THEN if then else _ALSO, clause)).format(clause)]

    def _inline(self, clause: str, *, then: bool) -> str:
        return self._rng.choice(_INLINE_THEN if then else _INLINE_ALSO).format(clause)

    def _fresh(self, templates: Sequence[str]) -> str:
        """One of the templates that this request has not used yet, where there is one."""
        chosen = self._rng.choice([one for one in templates if one not in self._used] or templates)
        self._used.add(chosen)
        return chosen


_SHAPES = {
    0: (1.0, 0.0, 0.0, 0.0),
    1: (0.75, 0.25, 0.0, 0.0),
    2: (0.5, 0.3, 0.2, 0.0),
    3: (0.26, 0.27, 0.38, 0.09),
    4: (0.1, 0.22, 0.53, 0.15),
}
"""Weights of the arrangements chain, front, split and list, by number of phrases."""
_DETAILS = (
    "{1}.",
    "{1}, please.",
    "to be exact, {0}.",
    "details: {0}.",
    "{1}, to be precise.",
    "as for the details: {0}.",
    "for the record, {0}.",
    "in detail: {0}.",
    "what else you need to know: {0}.",
)
_WISHES = (
    "ideally {0}.",
    "preferably {0}.",
    "if possible, {0}.",
    "oh, and {0}.",
    "{1}, please.",
    "also {0}.",
    "one more thing: {0}.",
    "and {0}, if you can.",
    "{1}, if that works.",
    "if it can be done, {0}.",
)
_FOR_THEM = (" for those {0}", " with those {0}", " using the {0} you get", " with these {0}")
_WITH_IT = (" for it", " for that one", " with that one", ", using what you get")
_FOR_BOTH = (
    " for that {0} and that {1}",
    " with that {0} and the {1} you get",
    " using both the {0} and the {1} from before",
)
_FOR_TWO = (" for the first two {1}", ", once for each of the top two {1}", " for the two {1} that come first")
_FOR_FIRST = (
    " for the first {0}",
    " for the {0} at the top",
    " with the first {0} you find",
    " for the {0} that comes first",
)
_FOR_IT = (" for that {0}", " with that {0}", " with the {0} you get", " using that {0}", " for the {0} from before")
_BOTH = (
    "{0} and {1}",
    "both {0} and {1}",
    "once {0} and once {1}",
    "first {0} and then {1}",
    "{0} as well as {1}",
    "{0} and then {1}",
)
_AGAIN = (
    "Then the same again {0}.",
    "And once more {0}.",
    "Do the same {0}.",
    "Another one {0}, please.",
    "I need the same {0} too.",
    "And a separate one {0}.",
    "Please repeat it {0}.",
    "The same goes {0}.",
)
_ALSO = (
    "Also, {}.",
    "I also want to {}.",
    "And could you {}?",
    "Please {} as well.",
    "Apart from that, {}.",
    "While you're at it, {}.",
    "On top of that, please {}.",
    "At the same time, {}.",
    "Besides, I need to {}.",
    "Oh, and {}.",
)
_THEN = (
    "Then {}.",
    "After that, {}.",
    "Once you have that, {}.",
    "When that's done, please {}.",
    "Next, {}.",
    "With the outcome, {}.",
    "And then please {}.",
    "Afterwards I want to {}.",
)
_ALSO_ASKED = ("And {}", "Also, {}", "{1}", "Apart from that, {}", "One more question: {}", "Oh, and {}", "Besides, {}")
_THEN_ASKED = ("Then, {}", "After that, {}", "And then: {}", "Once you have that: {}", "Next, {}")
_INLINE_ALSO = (" and {}", " and also {}", ", and {}", ", plus {}", " as well as {}")
_INLINE_THEN = (", then {}", " and then {}", ", and after that {}", " and, once that's done, {}", " first, then {}")


def _grouped(step: Sequence[Call]) -> list[list[Call]]:
    """Calls of a step by tool, in order of first appearance."""
    groups: dict[str, list[Call]] = {}
    for call in step:
        groups.setdefault(call.api.name, []).append(call)
    return list(groups.values())


def _chained(phrases: Sequence[str]) -> str:
    """Phrases one after the other, with commas where they would run together."""
    text, last = "", ""
    for number, phrase in enumerate(phrases):
        heavy = last.count(" ") > 5 or ", " in last or " and " in last
        text += (", " if _is_clause(phrase) or heavy or number > 2 else " ") + phrase
        last = phrase
    return text


def _is_clause(phrase: str) -> bool:
    """Whether a phrase is a remark of its own: `and I want breakfast`, `no pets`."""
    return phrase.startswith(
        ("and ", "but ", "page ", "namely ", "marked ", "not ", "where ", "which ", "that is ", "no ", "(", "I ")
    )


def _say(group: Sequence[Call], name: str, phrases: Sequence[str]) -> None:
    """Notes the words that were really used for a value."""
    for call, phrase in zip(group, phrases, strict=True):
        call.phrases[name] = phrase


def _says_lists(call: Call, names: Sequence[str]) -> bool:
    """Whether a list is among the shared values, beside which two joined values would read like another list."""
    return any(isinstance(call.arguments[name], list) and len(call.arguments[name]) > 1 for name in names)


def _fronts(call: Call, name: str) -> bool:
    """Whether a phrase may open a sentence: one of a place or a time."""
    phrase = call.phrases[name]
    kind = kind_of(name, call.properties[name]) or ""
    return phrase.split(" ")[0] in _FRONTED and kind.endswith(_PLACES_AND_TIMES) and len(phrase) < 40


def _with_lead(clause: str, lead: str) -> str:
    if not lead:
        return clause
    return f"{clause[:-1]} {lead}?" if clause.endswith("?") else f"{clause} {lead}"


def _questioned(asked: tuple[str, str, list[str]]) -> tuple[str, str, list[str]]:
    lead, clause, more = asked
    return lead, f"{clause}?", more


def _thing(call: Call, name: str) -> str:
    schema = call.properties.get(name, {})
    is_list = schema.get("type") == "array" and isinstance(schema.get("items"), dict)
    kind = kind_of(name, schema["items"] if is_list else schema) or ""
    if kind.startswith("id("):
        thing = kind[3:-1].replace("_", " ")
        return _plural(thing) if is_list else thing
    return re.sub(r" (id|ids|refs?|keys?|codes?)$", "", words(name)) or "result"


def _plural(thing: str) -> str:
    if thing.endswith("y") and thing[-2:-1] not in "aeiou":
        return thing[:-1] + "ies"
    return thing + ("es" if thing.endswith(("s", "x", "ch", "sh")) else "s")
