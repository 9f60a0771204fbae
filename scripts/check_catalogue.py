"""Checks catalogue files and prints their coverage by area: `python scripts/check_catalogue.py [FILE]...`."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from toolace.synth_apis.documents.catalogue import CatalogueError, facts, functions

ROOT = Path(__file__).resolve().parent.parent


def main(names: list[str]) -> int:
    """Prints one line an area and a total; 1 when a file breaks the format."""
    paths = [Path(name) for name in names] or sorted((ROOT / "data" / "catalogue").glob("*.yaml"))
    broken = 0
    total_domains = total_functions = total_facts = 0
    for path in paths:
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            found = list(functions(content, path.name))
        except (CatalogueError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            print(f"{path.name}: {error}" if not isinstance(error, CatalogueError) else error)
            broken += 1
            continue
        answers = sum(map(len, facts(content).values()))
        domains = {domain for domain, *_ in found}
        print(f"{content['area']:<28} {len(domains):>4} domains {len(found):>5} functionalities {answers:>5} facts")
        total_domains += len(domains)
        total_functions += len(found)
        total_facts += answers
    print(f"{len(paths)} areas, {total_domains} domains, {total_functions} functionalities, {total_facts} facts")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
