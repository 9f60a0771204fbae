"""Makes one operation of an OpenAPI path item, in version 2 or 3."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from toolace.synth_apis.documents.document import Operation
from toolace.synth_apis.documents.openapi_schemas import OpenApiSchemas
from toolace.synth_apis.documents.operations import Inputs, build_operation
from toolace.synth_apis.documents.prose import LIMIT, one_paragraph
from toolace.synth_apis.documents.schemas import SchemaBuilder
from toolace.synth_apis.documents.shape import Unreadable, items, mapping, text, words

_TRANSPORT_HEADER = re.compile(
    r"^(accept.*|content-.*|authorization|cookie|user-agent|host|x-[a-z-]*(api-?key|token|auth|signature)[a-z-]*"
    r"|x-amz-(target|date|algorithm|credential|content-sha256|signedheaders))$",
    re.IGNORECASE,
)
_KEY_NAMES: Final = frozenset({"access_token", "oauth_token", "api_key", "apikey", "api-key"})
_NOT_A_WORD = re.compile(r"[^A-Za-z0-9]+")
_BESIDE_SCHEMA: Final = ("description", "example")


@dataclass(frozen=True, slots=True)
class Api:
    """What all operations of one document share."""

    schemas: OpenApiSchemas
    builder: SchemaBuilder
    credentials: frozenset[str]
    """Names of headers and query parameters that carry keys: the caller's business, not the model's."""

    @classmethod
    def of(cls, content: Mapping[str, Any], schemas: OpenApiSchemas) -> Api:
        """Reads what is shared."""
        schemes = mapping(mapping(content.get("components")).get("securitySchemes"))
        schemes = {**schemes, **mapping(content.get("securityDefinitions"))}
        names = (mapping(scheme).get("name") for scheme in schemes.values() if mapping(scheme).get("type") == "apiKey")
        credentials = _KEY_NAMES.union(text(name).lower() for name in names)
        return cls(schemas, SchemaBuilder(schemas), credentials)


def read_operation(api: Api, method: str, path: str, raw: Any, shared: list[Any]) -> Operation:
    """The operation with its path's shared parameters; raises Unreadable where a part that a call needs is missing."""
    if not isinstance(raw, dict):
        raise Unreadable(f"an operation is a mapping, got {raw!r:.60}")
    inputs = Inputs()
    bodies: list[tuple[Any, bool]] = []
    for one in (*items(raw.get("parameters")), *shared):
        _add_parameter(api, inputs, bodies, api.schemas.resolved(one))
    if "requestBody" in raw:
        body = api.schemas.resolved(raw["requestBody"])
        bodies.append((_schema_of_content(body), body.get("required") is True))
    for schema, is_required in bodies:
        if schema is not None:
            inputs.add_body(schema, api.builder, is_required=is_required)
    name = text(raw.get("operationId")).strip() or _name(method, path)
    group = tuple(one.strip() for one in words(raw.get("tags")) if one.strip())
    return build_operation(api.builder, name, _description(raw), inputs, _result(api, raw), group)


def _add_parameter(api: Api, inputs: Inputs, bodies: list[tuple[Any, bool]], raw: Mapping[str, Any]) -> None:
    name, place = text(raw.get("name")), text(raw.get("in"))
    is_required = raw.get("required") is True or place == "path"
    if place == "body":
        bodies.append((raw.get("schema"), is_required))
        return
    if not name:
        raise Unreadable("a parameter has no name")
    is_key = place in ("header", "query") and name.lower() in api.credentials
    if place == "cookie" or is_key or (place == "header" and _TRANSPORT_HEADER.match(name)):
        return
    inputs.add(name, _parameter_schema(raw), is_required=is_required)


def _parameter_schema(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Version 3 keeps the schema apart, version 2 has it in the parameter itself."""
    stated = raw.get("schema") if "schema" in raw else _schema_of_content(raw)
    if not isinstance(stated, dict):
        return {key: value for key, value in raw.items() if key not in ("required", "name", "in")}
    beside = {key: raw[key] for key in _BESIDE_SCHEMA if raw.get(key)}
    return {**stated, **beside}


def _schema_of_content(raw: Mapping[str, Any]) -> Any:
    """The schema of a body or response: of its JSON form where it has one, else of the first form with a schema."""
    content = mapping(raw.get("content"))
    kinds = sorted(content, key=lambda kind: (kind != "application/json", "json" not in kind))
    return next((content[kind]["schema"] for kind in kinds if "schema" in mapping(content[kind])), None)


def _result(api: Api, raw: Mapping[str, Any]) -> Any:
    """The raw schema of the first successful response that has one, else None."""
    responses = mapping(raw.get("responses"))
    successes = sorted(code for code in responses if code.startswith("2"))
    for code in (*successes, "default"):
        if code not in responses:
            continue
        try:
            response = api.schemas.resolved(responses[code])
        except Unreadable:
            continue  # a call can be made without knowing what comes back
        schema = response.get("schema") if "schema" in response else _schema_of_content(response)
        if schema is not None and (code != "default" or not successes):
            return schema
    return None


def _description(raw: Mapping[str, Any]) -> str:
    summary, description = one_paragraph(raw.get("summary")), one_paragraph(raw.get("description"))
    if not summary or summary.rstrip(".").casefold() in description.casefold():
        return description
    if not description:
        return summary
    return one_paragraph(f"{summary.rstrip('.')}. {description}", LIMIT)


def _name(method: str, path: str) -> str:
    """`GET /pets/{id}/toys` as `get_pets_by_id_toys`."""
    spelled = path.replace("{", " by ").replace("}", " ")
    return "_".join([method, *(_NOT_A_WORD.sub(" ", spelled).split())])
