"""Checks catalogue files and prints their coverage by area: `python scripts/check_catalogue.py [FILE]...`.

Beside the format, no key may stand twice in a mapping (YAML keeps the last one without a word), and no function name
in two domains (two tools of one name are one tool too many; a name that fits both is too vague for either)."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import yaml

from toolace.synth_apis.documents.catalogue import CatalogueError, facts, functions
from toolace.synth_apis.documents.yaml_content import repeated_keys

ROOT = Path(__file__).resolve().parent.parent


def main(names: list[str]) -> int:
    """Prints one line an area, a total, and what is wrong; 1 when anything is."""
    paths = [Path(name) for name in names] or sorted((ROOT / "data" / "catalogue").glob("*.yaml"))
    problems: list[str] = []
    homes: dict[str, list[str]] = defaultdict(list)
    totals = [0, 0, 0]
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
            twice = repeated_keys(yaml.compose(text, Loader=yaml.CSafeLoader))
            problems += [f"{path.name}:{line}: {key!r} stands there twice" for line, key in twice]
            content = yaml.safe_load(text)
            found = list(functions(content, path.name))
        except CatalogueError as error:
            problems.append(str(error))
            continue
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            problems.append(f"{path.name}: {error}")
            continue
        for domain, function, *_ in found:
            homes[function].append(f"{content['area']}/{domain}")
        counts = (len({domain for domain, *_ in found}), len(found), sum(map(len, facts(content).values())))
        print(f"{content['area']:<28} {counts[0]:>4} domains {counts[1]:>5} functionalities {counts[2]:>5} facts")
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
    problems += [f"{name!r} stands in {', '.join(places)}" for name, places in homes.items() if len(places) > 1]
    print(f"{len(paths)} areas, {totals[0]} domains, {totals[1]} functionalities, {totals[2]} facts")
    print("".join(f"{problem}\n" for problem in problems), end="")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
