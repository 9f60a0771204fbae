"""Speciation: a document's domain and functionalities become leaves of the context tree (paper, section 2.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from toolace.roles import Ask, Key, Role
from toolace.synth_apis.distilling import Clean, brand_remover, distilled
from toolace.synth_apis.documents.document import Document, Operation
from toolace.synth_apis.tree import Functionality, slug

OPERATIONS_AT_ONCE = 40
CHARACTERS_AT_ONCE = 8_000

_EMPTY_OBJECT: dict[str, Any] = {"type": "object", "properties": {}}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class OperationDigest(_Model):
    """An operation of a structured document as the role sees it."""

    name: str
    description: str
    group: tuple[str, ...]
    inputs: tuple[str, ...]


class SpeciationContext(_Model):
    """One document, or one chunk of a long one."""

    language: str
    title: str
    description: str
    vendor: str | None
    domain: tuple[str, ...]
    """Domain the document states, or that an earlier chunk was given; empty when it must be found."""
    is_foreign: bool = True
    """False for the catalogue format, whose names and words are our own."""
    operations: tuple[OperationDigest, ...] = ()
    text: str = ""


class FoundInput(_Model):
    """A value that a functionality described in prose needs."""

    name: str = Field(min_length=1, max_length=64)
    type: str = Field(pattern="^(string|integer|number|boolean|array|object)$")
    description: str = Field(min_length=1)
    required: bool = False


class FoundFunctionality(_Model):
    """One thing the document's domain can do. `operation` names the operation it stands for, if there is one."""

    name: str = Field(min_length=2, max_length=80, description="verb phrase, two to five words")
    summary: str = Field(min_length=8)
    subdomain: str | None = None
    operation: str | None = None
    inputs: tuple[FoundInput, ...] = ()


class SpeciationReply(_Model):
    """The chunk's domain, general to special, and its functionalities."""

    domain: tuple[str, ...] = Field(min_length=1, max_length=4)
    functionalities: tuple[FoundFunctionality, ...]


SPECIATION = Role("speciation", SpeciationContext, SpeciationReply)


async def speciate(document: Document, number: int, language: str, ask: Ask) -> list[Functionality]:
    """The functionalities of one document; long documents are asked about chunk by chunk, the domain being carried on.

    `number` is the document's place in the reading order. Raises ReplyError.
    """
    found: list[Functionality] = []
    domain = document.domain
    clean = None if document.format == "catalogue" else brand_remover(document.title, document.vendor)
    for turn, (operations, text) in enumerate(_chunks(document)):
        context = SpeciationContext(
            language=language,
            title=document.title,
            description=document.description,
            vendor=document.vendor,
            domain=domain,
            is_foreign=clean is not None,
            operations=tuple(_digest(operation) for operation in operations),
            text=text,
        )
        reply = await ask(SPECIATION, context, Key("speciation", number, turn))
        domain = domain or tuple(slug(name) for name in reply.domain)
        by_name = {operation.name: operation for operation in operations}
        for entry in reply.functionalities:
            found.append(_leaf(entry, by_name.get(entry.operation or ""), domain, document, clean))
    return found


def _chunks(document: Document) -> Iterator[tuple[Sequence[Operation], str]]:
    if document.operations:
        for at in range(0, len(document.operations), OPERATIONS_AT_ONCE):
            yield document.operations[at : at + OPERATIONS_AT_ONCE], ""
        return
    chunk = ""
    for paragraph in document.text.split("\n\n"):
        if chunk and len(chunk) + len(paragraph) > CHARACTERS_AT_ONCE:
            yield (), chunk
            chunk = ""
        chunk += paragraph[:CHARACTERS_AT_ONCE] + "\n\n"
    if chunk.strip():
        yield (), chunk


def _digest(operation: Operation) -> OperationDigest:
    return OperationDigest(
        name=operation.name,
        description=operation.description,
        group=operation.group,
        inputs=tuple(operation.parameters.get("properties", {})),
    )


def _leaf(
    entry: FoundFunctionality,
    operation: Operation | None,
    domain: tuple[str, ...],
    document: Document,
    clean: Clean | None,
) -> Functionality:
    """`clean` takes brands out of foreign operations; our own catalogue's are taken as they are."""
    path = (*domain, slug(entry.subdomain)) if entry.subdomain else domain
    inputs, outputs = (
        (operation.parameters, operation.returns) if operation else (_sketch(entry.inputs), {"type": "object"})
    )
    if operation and clean:
        inputs, outputs = distilled(inputs, outputs, clean)
    return Functionality(
        name=entry.name,
        summary=entry.summary,
        domain=path,
        inputs=inputs,
        outputs=outputs,
        documents=(document.source,),
        licences=(document.licence,) if document.licence else (),
    )


def _sketch(inputs: Sequence[FoundInput]) -> dict[str, Any]:
    if not inputs:
        return _EMPTY_OBJECT
    properties = {slug(one.name): {"type": one.type, "description": one.description} for one in inputs}
    required = [slug(one.name) for one in inputs if one.required]
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}
