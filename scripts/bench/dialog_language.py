"""Measures the language and the shape of a workspace's dialogs: `python scripts/bench/dialog_language.py
runs/quickstart`.

Prints one JSON object: distinct requests, openings, distinct-2, lengths, provenance, shares of kinds, filled
parameters.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import re
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

from toolace.config import GenDialogs
from toolace.provenance import trace
from toolace.records import Dialog

TOKENS = 5000
"""Tokens of shuffled requests over which distinct-2 is taken."""


def main() -> None:
    """Prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    lines = [
        line for path in sorted((given.workspace / "dialogs").glob("part-*")) for line in path.read_bytes().splitlines()
    ]
    dialogs = [Dialog.read(line) for line in lines]
    print(json.dumps({**language(dialogs, given.seed), **shape(dialogs)}, indent=1))


def language(dialogs: list[Dialog], seed: int) -> dict[str, Any]:
    """Figures on the dialogs' first requests (and on all user messages where said so)."""
    first = [next(message.content or "" for message in dialog.messages if message.role == "user") for dialog in dialogs]
    every = [message.content or "" for dialog in dialogs for message in dialog.messages if message.role == "user"]
    lengths = sorted(len(text.split()) for text in first)
    common, count = Counter(opening(text) for text in first).most_common(1)[0]
    asked = [turn_text for turn_text in first if len(turn_text.split()) > 2]
    return {
        "dialogs": len(dialogs),
        "equal_requests": len(first) - len({text.casefold() for text in first}),
        "most_common_opening": common,
        "most_common_opening_share": round(count / len(first), 4),
        "distinct_2": distinct_2(asked, seed),
        "distinct_2_all_user_messages": distinct_2(every, seed),
        "words_median": statistics.median(lengths),
        "words_p5_p25_p75_p95_max": [lengths[int(len(lengths) * at)] for at in (0.05, 0.25, 0.75, 0.95)] + lengths[-1:],
    }


def shape(dialogs: list[Dialog]) -> dict[str, Any]:
    """Kinds, where arguments come from, and how many parameters calls fill."""
    mix = GenDialogs().mix
    kinds = Counter(dialog.kind for dialog in dialogs)
    sources = Counter(source.source for dialog in dialogs for source in dialog.provenance or ())
    return {
        "kinds": {kind: round(kinds[kind] / len(dialogs), 4) for kind in mix},
        "kinds_off_by": round(max(abs(kinds[kind] / len(dialogs) - share) for kind, share in mix.items()), 4),
        "situations": dict(Counter(turn.situation for dialog in dialogs for turn in dialog.turns).most_common()),
        "sources": dict(sources),
        "unknown_sources": sources["unknown"],
        "unknown_without_the_plan": sum(one.source == "unknown" for dialog in dialogs for one in retraced(dialog)),
        **filled(dialogs),
    }


def opening(text: str) -> str:
    """The first five words."""
    return " ".join(re.findall(r"[\w']+", text.lower())[:5])


def distinct_2(texts: list[str], seed: int) -> float:
    """Different pairs of neighbouring tokens over all pairs, in the first tokens of shuffled texts."""
    shuffled = random.Random(seed).sample(texts, len(texts))
    tokens: list[str] = []
    for text in shuffled:
        tokens += re.findall(r"\w+|[^\w\s]", text.lower())
        if len(tokens) >= TOKENS:
            break
    pairs = list(itertools.pairwise(tokens[:TOKENS]))
    return round(len(set(pairs)) / max(len(pairs), 1), 4)


def retraced(dialog: Dialog) -> tuple[Any, ...]:
    """Provenance from the messages alone, as a reader of the exported row could find it."""
    schemas = {tool["function"]["name"]: tool["function"]["parameters"] for tool in dialog.tools}
    return trace(dialog.messages, schemas)


def filled(dialogs: list[Dialog]) -> dict[str, Any]:
    """Share of calls that fill every parameter, over tools that have optional ones."""
    full = calls = 0
    for dialog in dialogs:
        schemas = {tool["function"]["name"]: tool["function"]["parameters"] for tool in dialog.tools}
        for call in (call for message in dialog.messages for call in message.tool_calls or ()):
            properties = schemas[call.function.name].get("properties", {})
            if len(properties) > len(schemas[call.function.name].get("required", ())):
                calls += 1
                full += set(call.function.arguments) == set(properties)
    return {"calls_with_optional_parameters": calls, "filling_every_parameter": round(full / max(calls, 1), 4)}


if __name__ == "__main__":
    main()
