"""Reads catalogue files (data/catalogue/README.md): one area, its domains, their typed functionalities."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolace.semantics import ANNOTATION
from toolace.synth_apis.documents.fields import FieldError, check_name, object_schema, result_schema

_FUNCTION_KEYS = {"does", "goals", "questions", "takes", "gives", "tell", "fails"}
_OPTIONAL_KEYS = {"takes", "fails"}
_SNAKE = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)+$")
_HOLE = re.compile(r"\{(#?[a-z0-9_.]+)\}")


class CatalogueError(ValueError):
    """A catalogue file that breaks its format: `travel.yaml: hotels/search_hotels: city: unknown type 'citty'`."""


def functions(content: Mapping[str, Any], name: str) -> Iterator[tuple[str, str, str, dict[str, Any], dict[str, Any]]]:
    """Yields (domain, function name, description, parameters schema, returns schema); annotations carry the phrases."""
    shared = content.get("values") or {}
    for domain, body in content["domains"].items():
        where = f"{name}: {domain}"
        if not isinstance(domain, str):
            raise CatalogueError(f"{where}: a domain's name is text; quote what YAML reads as {type(domain).__name__}")
        if not isinstance(body, Mapping) or not isinstance(body.get("functions"), Mapping):
            raise CatalogueError(f"{where}: a domain is a mapping with 'about' and 'functions'")
        if unknown := {str(key) for key in body} - {"about", "values", "facts", "functions"}:
            raise CatalogueError(f"{where}: unknown key {sorted(unknown)[0]!r}")
        values = {**shared, **(body.get("values") or {})}
        for key, words in values.items():
            if not isinstance(words, list) or len(words) < 2:
                raise CatalogueError(f"{where}: values/{key}: expected a list of words")
        for function, spec in body["functions"].items():
            try:
                yield (domain, function, *_function(function, spec, values))
            except FieldError as error:
                raise CatalogueError(f"{where}/{function}: {error}") from None


def facts(content: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Question and answer pairs by domain."""
    return {
        domain: [(str(question), str(answer)) for question, answer in body.get("facts") or []]
        for domain, body in content["domains"].items()
    }


def _function(name: str, spec: Any, values: Mapping[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
    if not _SNAKE.match(str(name)):
        raise FieldError("a function's name is verb_noun in snake_case")
    if not isinstance(spec, Mapping):
        raise FieldError(f"expected a mapping, got {spec!r}")
    for key in spec:
        check_name(key)
    if unknown := set(spec) - _FUNCTION_KEYS:
        raise FieldError(f"unknown key {sorted(unknown)[0]!r}; known are {', '.join(sorted(_FUNCTION_KEYS))}")
    if missing := _FUNCTION_KEYS - _OPTIONAL_KEYS - set(spec):
        raise FieldError(f"missing key {sorted(missing)[0]!r}")
    for key in ("goals", "questions"):
        if not isinstance(spec[key], list) or not all(isinstance(text, str) and text for text in spec[key]):
            raise FieldError(f"{key}: expected a list of phrases")
    if not isinstance(spec["gives"], Mapping) or not spec["gives"]:
        raise FieldError("gives: expected a mapping of at least one result field")
    if not isinstance(spec.get("takes") or {}, Mapping):
        raise FieldError("takes: expected a mapping of parameters")
    parameters = object_schema(spec.get("takes") or {}, values)
    returns = result_schema(spec["gives"], values)
    _check_holes(str(spec["tell"]), parameters, returns)
    if names := set(_names_in_formulas(returns)):
        _give_roles(parameters, names)
        _give_roles(returns, names)
    parameters[ANNOTATION] = {"goals": list(spec["goals"]), "questions": list(spec["questions"])}
    returns[ANNOTATION] = {"tell": str(spec["tell"])} | ({"fails": str(spec["fails"])} if "fails" in spec else {})
    return str(spec["does"]), parameters, returns


def _names_in_formulas(schema: Mapping[str, Any]) -> Iterator[str]:
    """Names that the formulas of a result use; raises FieldError where one is no expression."""
    if not schema:
        return
    if formula := schema.get(ANNOTATION, {}).get("formula"):
        try:
            nodes = list(ast.walk(ast.parse(formula, mode="eval")))
        except SyntaxError as error:
            raise FieldError(f"formula {formula!r}: {error.msg}") from None
        yield from (node.id for node in nodes if isinstance(node, ast.Name))
        yield from (node.attr for node in nodes if isinstance(node, ast.Attribute))
    for one in (*schema.get("properties", {}).values(), schema.get("items", {})):
        yield from _names_in_formulas(one)


def _give_roles(schema: dict[str, Any], names: set[str]) -> None:
    """Marks what formulas speak of, whatever it is renamed to later; the fields of a list's entries with it."""
    for name, one in schema.get("properties", {}).items():
        if name in names:
            one[ANNOTATION] = {**one.get(ANNOTATION, {}), "role": name}
        inner = one.get("items", one)
        every = set(inner.get("properties", ())) if name in names and "items" in one else names
        _give_roles(inner, every)


def _check_holes(tell: str, parameters: Mapping[str, Any], returns: Mapping[str, Any]) -> None:
    for hole in _HOLE.findall(tell):
        path = hole.lstrip("#").split(".")
        if not (_resolves(path, returns) or _resolves(path, parameters)):
            raise FieldError(f"tell: {{{hole}}} is neither a result field nor a parameter")
    if "{" in _HOLE.sub("", tell):
        raise FieldError(f"tell: a '{{' that is no field in {tell!r}")


def _resolves(path: list[str], schema: Mapping[str, Any]) -> bool:
    for step in path:
        while schema.get("type") == "array":
            schema = schema["items"]
        if step not in schema.get("properties", {}):
            return False
        schema = schema["properties"][step]
    return True
