"""The pool: imported tools unchanged, then synthesized APIs, in generations with example buffers as islands (section
2.1)."""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from rensa import RMinHash

from toolace.config import SynthApis
from toolace.duplicates import NearDuplicates, sketch
from toolace.records import Api, ApiLineage, plain
from toolace.roles import Ask
from toolace.rules.definition import check_definition
from toolace.shards import Settled
from toolace.synth_apis.adaptation import NEAR, Adaptation, Assignment, near
from toolace.synth_apis.documents.document import Document, Operation
from toolace.synth_apis.evolution import Definition, evolve
from toolace.synth_apis.likeness import features, signature
from toolace.synth_apis.tree import ContextTree, Functionality, slug, words_of

NEIGHBOURS = 20
"""Names of the same domain that the author of a new API is shown, beside all names of APIs with the same purpose."""

EXAMPLES = 20
"""Near-duplicates named in the manifest, each with what it resembles."""


@dataclass(frozen=True, slots=True)
class Import:
    """One tool of the user's, to be taken over unchanged."""

    operation: Operation
    document: Document


@dataclass(frozen=True, slots=True)
class Taking:
    """Job: the import at this place. Worker processes have the imports themselves, so they need not travel."""

    place: int


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Job: one API to be written. Leaves by id and the example as its line, since jobs travel to worker processes."""

    leaves: tuple[str, ...]
    example: bytes | None
    taken_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Result of an attempt: an API that passed or failed the definition rules, with all that the pool compares it
    by."""

    line: bytes
    entry: Entry
    problem: str | None
    signature: bytes
    sketch: RMinHash | None


class Entry(NamedTuple):
    """What the pool remembers of an API until the next generation begins."""

    name: str
    domain: tuple[str, ...]
    functionalities: tuple[str, ...]
    attempt: int


class PoolStage:
    """Stage 1 for the runner: the first attempts import, the others synthesize until the pool holds `target` APIs."""

    name = "synth-apis"

    def __init__(
        self,
        imports: Sequence[Import],
        tree: ContextTree,
        settings: SynthApis,
        *,
        target: int,
        seed: int,
        language: str,
        backend: str,
        computes: bool = True,
    ):
        self._imports = imports
        self._tree = tree
        self._settings = settings
        self._target = max(target, len(imports)) if len(tree) else 0
        self._seed, self._language, self._backend = seed, language, backend
        self._adaptation = Adaptation(tree, settings.diversity, is_free=not computes)
        self._siblings = {domain: tuple(leaves) for domain, leaves in tree.domains().items()}
        self._buffers: dict[str, deque[bytes]] = {}
        self._by_purpose: dict[str, list[str]] = {}
        self._by_domain: dict[tuple[str, ...], deque[str]] = {}
        self._pending: list[tuple[Entry, bytes]] = []
        self._generation = 0
        self._drawn: dict[int, Assignment] = {}
        self._names: set[str] = set()
        self._signatures: set[bytes] = set()
        self._similar = NearDuplicates(settings.near_duplicate)
        self._resembling: list[dict[str, str]] = []
        self._levels: Counter[int] = Counter()

    def job(self, index: int) -> Taking | Synthesis | None:
        """The index-th import, or a synthesis from the state at the start of its generation."""
        if index < len(self._imports):
            return Taking(index)
        if not self._siblings:
            return None
        self._roll((index - len(self._imports)) // self._settings.generation_size)
        assignment = self._drawn[index] = self._draw(index)
        rng = random.Random(f"{self._seed}/example/{index}")
        examples = self._buffers.get(assignment.island)
        same = self._by_purpose.get(_purpose(assignment.functionalities[0].id), ())
        return Synthesis(
            tuple(leaf.id for leaf in assignment.functionalities),
            rng.choice(examples) if examples else None,
            tuple(dict.fromkeys((*same, *self._by_domain.get(assignment.domain, ())))),
        )

    def horizon(self, settled: int) -> int | None:
        """The end of the imports, then of the running generation: the next one needs its accepted APIs."""
        imports, size = len(self._imports), self._settings.generation_size
        return imports if settled < imports else imports + ((settled - imports) // size + 1) * size

    async def attempt(self, index: int, job: Taking | Synthesis, ask: Ask) -> Candidate:
        """Makes one API and holds it against the definition rules."""
        is_foreign = isinstance(job, Taking)
        api = (
            _imported(self._imports[job.place], index)
            if isinstance(job, Taking)
            else await self._synthesized(index, job, ask)
        )
        tool = api.tool()
        parameters = tool["function"]["parameters"]
        findings = check_definition(tool, plain(api.returns), is_foreign=is_foreign)
        return Candidate(
            line=api.line(),
            entry=Entry(api.name, api.domain, api.functionalities, index),
            problem=next((finding.check for finding in findings if finding.severity == "error"), None),
            signature=signature(api.name, parameters),
            sketch=None if is_foreign else sketch(features(api.name, api.description, parameters)),
        )

    def settle(self, index: int, job: Taking | Synthesis, result: Candidate) -> Settled:
        """Keeps the API unless it breaks a definition rule or resembles one in the pool."""
        line, entry, reason, mark = result.line, result.entry, result.problem, result.signature
        if reason is None and entry.name in self._names:
            qualified = _qualified(self._imports[job.place], entry.name) if isinstance(job, Taking) else ""
            if qualified and qualified not in self._names:
                api = Api.read(line).model_copy(update={"name": qualified})
                line, entry = api.line(), entry._replace(name=qualified)
                mark = signature(qualified, plain(api.parameters))
            else:
                reason = "same_name"
        if reason is None and mark in self._signatures:
            reason = "same_signature"
        if reason is None and result.sketch is not None:
            known = self._similar.add(entry.name, result.sketch)
            if known is not None:
                reason = "near_duplicate"
                if len(self._resembling) < EXAMPLES:
                    self._resembling.append({"api": entry.name, "resembles": known})
        if reason is not None:
            return Settled(index, "rejected", reason)
        self._admit(entry, mark, line)
        return Settled(index, "kept", line=line)

    def restore(self, settled: Settled) -> None:
        """Admits an API of an earlier run."""
        if settled.outcome != "kept":
            return
        api = orjson.loads(settled.line)
        parameters = plain(api["parameters"])
        if api["lineage"]["origin"] == "synthesized":
            self._similar.add(api["name"], sketch(features(api["name"], api["description"], parameters)))
        entry = Entry(
            api["name"], tuple(api["domain"]), tuple(api.get("functionalities", ())), api["lineage"]["attempt"]
        )
        self._roll((entry.attempt - len(self._imports)) // self._settings.generation_size)
        self._admit(entry, signature(api["name"], parameters), settled.line)

    def wanted(self, kept: int, settled: int) -> int:
        """Imports still to be taken, then APIs missing from the target, within the budget of attempts."""
        imports_left = max(0, len(self._imports) - settled)
        missing = self._target - kept
        budget = self._settings.attempts_per_api * max(1, self._target) + len(self._imports) - settled
        return imports_left + max(0, min(missing - imports_left, budget))

    def notes(self) -> dict[str, Any]:
        """For the manifest: functionalities no API covers, APIs by diversity level, and what near-duplicates
        resembled (of this run, some examples)."""
        self._take_up()
        return {
            "uncovered": self._adaptation.uncovered(),
            "levels": {str(level): number for level, number in sorted(self._levels.items())},
            "near_duplicates": self._resembling,
        }

    def _admit(self, entry: Entry, mark: bytes, line: bytes) -> None:
        self._names.add(entry.name)
        self._signatures.add(mark)
        self._pending.append((entry, line))

    def _draw(self, index: int) -> Assignment:
        rng = random.Random(f"{self._seed}/adaptation/{index}")
        place = (index - len(self._imports)) % self._settings.generation_size
        return self._adaptation.draw(index, index - place, rng)

    def _roll(self, generation: int) -> None:
        """Goes on to a generation: every earlier one's attempts count as tried, its accepted APIs enter buffers and
        coverage.

        After a resume the attempts of earlier generations are drawn again, which gives the same.
        """
        size = self._settings.generation_size
        while self._generation < generation:
            first = len(self._imports) + self._generation * size
            drawn = [self._drawn.get(index) or self._draw(index) for index in range(first, first + size)]
            self._drawn.clear()
            for assignment in drawn:
                self._adaptation.tried(assignment)
            self._take_up()
            self._generation += 1

    def _take_up(self) -> None:
        """Lets the pending APIs into buffers and coverage."""
        for entry, line in self._pending:
            self._adaptation.cover(entry.functionalities)
            self._levels[len(entry.functionalities)] += bool(entry.functionalities)
            if entry.functionalities:
                self._by_purpose.setdefault(_purpose(entry.functionalities[0]), []).append(entry.name)
            self._by_domain.setdefault(entry.domain, deque(maxlen=NEIGHBOURS)).append(entry.name)
            island = entry.domain[0] if entry.domain else ""
            self._buffers.setdefault(island, deque(maxlen=self._settings.buffer_size)).append(line)
        self._pending.clear()

    def _neighbours(self, assignment: Assignment) -> tuple[Functionality, ...]:
        """Functionalities of the domain that an author may borrow from, the main one's neighbours where there are
        thousands."""
        leaves = self._siblings[assignment.domain]
        if len(leaves) <= NEAR:
            return leaves
        return tuple(near(leaves, leaves.index(assignment.functionalities[0])))

    async def _synthesized(self, index: int, job: Synthesis, ask: Ask) -> Api:
        leaves = tuple(self._tree[leaf] for leaf in job.leaves)
        assignment = Assignment(leaves)
        example = _definition(job.example) if job.example else None
        definition, indicators = await evolve(
            assignment,
            example,
            self._neighbours(assignment),
            job.taken_names,
            settings=self._settings,
            language=self._language,
            index=index,
            seed=self._seed,
            ask=ask,
        )
        lineage = ApiLineage(
            origin="synthesized",
            documents=tuple(dict.fromkeys(name for leaf in leaves for name in leaf.documents)),
            licences=tuple(dict.fromkeys(name for leaf in leaves for name in leaf.licences)),
            parent=example.name if example else None,
            generation=max(0, (index - len(self._imports)) // self._settings.generation_size),
            indicators=indicators,
            attempt=index,
            backend=self._backend,
        )
        return Api(
            id=f"api-{index:07d}",
            name=definition.name,
            description=definition.description,
            parameters=definition.parameters,
            returns=definition.returns,
            domain=assignment.domain,
            functionalities=job.leaves,
            lineage=lineage,
        )


def _purpose(leaf: str) -> str:
    """What APIs compete for names over: the nouns of a functionality, whatever its domain and verb."""
    return " ".join(sorted(words_of(leaf.rpartition("/")[2])[1:]))


def _definition(line: bytes) -> Definition:
    """An API of the pool as an example."""
    api = orjson.loads(line)
    return Definition.model_construct(**{key: api[key] for key in ("name", "description", "parameters", "returns")})


def _imported(job: Import, index: int) -> Api:
    operation, document = job.operation, job.document
    lineage = ApiLineage(
        origin="imported",
        documents=(document.source,),
        licences=(document.licence,) if document.licence else (),
        attempt=index,
        backend="import",
    )
    domain = document.domain or (slug(document.title),)
    return Api(
        id=f"api-{index:07d}",
        name=operation.name,
        description=operation.description,
        parameters=operation.parameters,
        returns=operation.returns,
        domain=(*domain, *operation.group),
        lineage=lineage,
    )


def _qualified(job: Import, name: str) -> str:
    return f"{slug(job.document.title)}.{name}"
