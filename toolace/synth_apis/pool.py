"""The pool: imported tools unchanged, then synthesized APIs, in generations with example buffers as islands (section 2.1)."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from toolace.config import SynthApis
from toolace.duplicates import NearDuplicates
from toolace.records import Api, ApiLineage, plain
from toolace.roles import Ask
from toolace.rules.definition import check_definition
from toolace.shards import Settled
from toolace.synth_apis.adaptation import Adaptation, Assignment
from toolace.synth_apis.documents.document import Document, Operation
from toolace.synth_apis.evolution import Definition, evolve
from toolace.synth_apis.tree import ContextTree, Functionality, slug, words_of


@dataclass(frozen=True, slots=True)
class Import:
    """Job: one tool of the user's, to be taken over unchanged."""

    operation: Operation
    document: Document


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Job: one API to be written."""

    assignment: Assignment
    example: Definition | None
    siblings: tuple[Functionality, ...]
    taken_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Result of an attempt: an API that passed or failed the definition rules, before the pool is asked."""

    api: Api
    problem: str | None


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
    ):
        self._imports = imports
        self._settings = settings
        self._target = max(target, len(imports)) if len(tree) else 0
        self._seed, self._language, self._backend = seed, language, backend
        self._adaptation = Adaptation(tree, settings.diversity)
        self._siblings = {domain: tuple(leaves) for domain, leaves in tree.domains().items()}
        self._buffers: dict[str, list[Definition]] = {}
        self._names_by_domain: dict[tuple[str, ...], list[str]] = {}
        self._pending: list[Api] = []
        self._generation = -1
        self._names: set[str] = set()
        self._signatures: set[bytes] = set()
        self._similar = NearDuplicates(settings.near_duplicate)

    def job(self, index: int) -> Import | Synthesis | None:
        """The index-th import, or a synthesis from the state at the start of its generation."""
        if index < len(self._imports):
            return self._imports[index]
        if not self._siblings:
            return None
        generation, place = divmod(index - len(self._imports), self._settings.generation_size)
        self._roll(generation)
        rng = random.Random(f"{self._seed}/adaptation/{index}")
        first = index - place
        assignment = self._adaptation.draw(index, first, rng)
        examples = self._buffers.get(assignment.island)
        return Synthesis(
            assignment,
            rng.choice(examples) if examples else None,
            self._siblings[assignment.domain],
            tuple(self._names_by_domain.get(assignment.domain, ())[-40:]),
        )

    def horizon(self, settled: int) -> int | None:
        """The end of the running generation: the next one needs its accepted APIs."""
        imports, size = len(self._imports), self._settings.generation_size
        return imports + (max(0, settled - imports) // size + 1) * size

    async def attempt(self, index: int, job: Import | Synthesis, ask: Ask) -> Candidate:
        """Makes one API and holds it against the definition rules."""
        if isinstance(job, Import):
            api = _imported(job, index)
        else:
            definition, indicators = await evolve(
                job.assignment,
                job.example,
                job.siblings,
                job.taken_names,
                settings=self._settings,
                language=self._language,
                index=index,
                seed=self._seed,
                ask=ask,
            )
            api = self._synthesized(job, definition, indicators, index)
        is_foreign = isinstance(job, Import)
        errors = [
            f for f in check_definition(api.tool(), plain(api.returns), is_foreign=is_foreign) if f.severity == "error"
        ]
        return Candidate(api, f"{errors[0].check}" if errors else None)

    def settle(self, index: int, job: Import | Synthesis, result: Candidate) -> Settled:
        """Keeps the API unless it breaks a definition rule or resembles one in the pool."""
        api, reason = result.api, result.problem
        if reason is None and api.name in self._names:
            if isinstance(job, Import) and (qualified := _qualified(job, api.name)) not in self._names:
                api = api.model_copy(update={"name": qualified})
            else:
                reason = "same_name"
        if reason is None and _signature(api) in self._signatures:
            reason = "same_signature"
        if reason is None and isinstance(job, Synthesis) and self._similar.add(api.name, _features(api)):
            reason = "near_duplicate"
        if reason is not None:
            return Settled(index, "rejected", reason)
        self._admit(api)
        return Settled(index, "kept", line=api.line())

    def restore(self, settled: Settled) -> None:
        """Admits an API of an earlier run."""
        if settled.outcome == "kept":
            api = Api.model_validate_json(settled.line)
            if api.lineage.origin == "synthesized":
                self._similar.add(api.name, _features(api))
            self._admit(api)

    def wanted(self, kept: int, settled: int) -> int:
        """Imports still to be taken, then APIs missing from the target, within the budget of attempts."""
        imports_left = max(0, len(self._imports) - settled)
        missing = self._target - kept
        budget = self._settings.attempts_per_api * max(1, self._target) + len(self._imports) - settled
        return imports_left + max(0, min(missing - imports_left, budget))

    def uncovered(self) -> int:
        """How many functionalities of the tree no API of the pool covers."""
        self._roll(self._generation + 1_000_000)
        return self._adaptation.uncovered()

    def _admit(self, api: Api) -> None:
        self._names.add(api.name)
        self._signatures.add(_signature(api))
        self._pending.append(api)

    def _roll(self, generation: int) -> None:
        """Lets the accepted APIs of earlier generations into buffers and coverage."""
        if generation <= self._generation:
            return
        self._generation = generation
        start = len(self._imports) + generation * self._settings.generation_size
        earlier = [api for api in self._pending if api.lineage.attempt < start]
        self._pending = self._pending[len(earlier) :]
        for api in earlier:
            self._adaptation.cover(api.functionalities, api.domain)
            self._names_by_domain.setdefault(api.domain, []).append(api.name)
            buffer = self._buffers.setdefault(api.domain[0] if api.domain else "", [])
            buffer.append(
                Definition.model_construct(
                    name=api.name, description=api.description, parameters=api.parameters, returns=api.returns
                )
            )
            del buffer[: -self._settings.buffer_size]

    def _synthesized(self, job: Synthesis, definition: Definition, indicators: tuple[str, ...], index: int) -> Api:
        leaves = job.assignment.functionalities
        lineage = ApiLineage(
            origin="synthesized",
            documents=tuple(dict.fromkeys(name for leaf in leaves for name in leaf.documents)),
            licences=tuple(dict.fromkeys(name for leaf in leaves for name in leaf.licences)),
            parent=job.example.name if job.example else None,
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
            domain=job.assignment.domain,
            functionalities=tuple(leaf.id for leaf in leaves),
            lineage=lineage,
        )


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


def _signature(api: Api) -> bytes:
    """Checksum of name words and parameters: two tools that differ in nothing else are the same tool."""
    shape = [sorted(words_of(api.name)), plain(api.parameters)]
    return hashlib.blake2b(orjson.dumps(shape, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def _features(api: Api) -> list[str]:
    """What near-duplicates share: words of name and description, and each parameter with its type."""
    features = [f"n:{word}" for word in words_of(api.name)]
    features += [f"d:{word}" for word in words_of(api.description)]
    return features + list(_parameter_features(plain(api.parameters), ""))


def _parameter_features(schema: Any, path: str) -> list[str]:
    found: list[str] = []
    for name, one in schema.get("properties", {}).items():
        where = f"{path}.{slug(name)}"
        found.append(f"p:{where}:{one.get('type')}")
        found += [f"w:{where}:{word}" for word in words_of(str(one.get("description", "")))[:8]]
        if one.get("type") == "object":
            found += _parameter_features(one, where)
        elif one.get("type") == "array" and isinstance(one.get("items"), dict):
            found += _parameter_features(one["items"], where)
    return found
