"""Loads YAML as JSON content: no dates, no `yes` for true, keys as written, and no aliases that explode."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator
from typing import Any, Final

import yaml

from toolace.synth_apis.documents.shape import Unreadable, mapping
from toolace.synth_apis.documents.values import MISSING, coerce

_MAX_EXPANDED: Final = 2_000_000
"""Nodes a file may have once its aliases are expanded; without aliases there is no limit but the file's size."""
_KEY_LINE = re.compile(r"^[\"']?([\w-]+)[\"']?\s*:")
_TAG: Final = "tag:yaml.org,2002:"

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _JsonLoader(_SafeLoader):  # type: ignore[misc]  # which of the two loaders is decided when it runs
    """The safe loader with YAML 1.2's JSON types only."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML's own class attribute


def load_yaml(text: str) -> Any:
    """The content of one YAML document; raises Unreadable with the reason."""
    loader = _JsonLoader(text)
    try:
        node = loader.get_single_node()
        if node is not None and "*" in text:
            _refuse_explosion(node)
        if _is_by_hand(node) and (repeated := next(repeated_keys(node), None)):
            raise Unreadable(f"line {repeated[0]}: {repeated[1]!r} stands there twice, and the first would be lost")
        return None if node is None else loader.construct_document(node)
    except yaml.YAMLError as error:
        raise Unreadable(f"not valid YAML: {_one_line(error)}") from error
    except RecursionError as error:
        raise Unreadable("not valid YAML: nested too deep") from error
    finally:
        loader.dispose()


def load_yaml_head(text: str, keys: Iterable[str]) -> dict[str, Any]:
    """Only these top-level keys of a block mapping: thousands of times cheaper than loading it all."""
    wanted, lines, is_wanted = set(keys), list[str](), False
    for line in text.splitlines(keepends=True):
        if line[0] not in " \t#-\r\n":
            match = _KEY_LINE.match(line)
            is_wanted = match is not None and match[1] in wanted
        if is_wanted:
            lines.append(line)
    return mapping(load_yaml("".join(lines)))


def _is_by_hand(node: yaml.Node | None) -> bool:
    """Whether it is a catalogue, which people write; what a program wrote may keep its habits."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {"area", "domains"} <= {key.value for key, _ in pairs if isinstance(key, yaml.ScalarNode)}


def repeated_keys(root: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """(line, key) of each key that stands in its mapping for the second time; YAML keeps the last without a word."""
    waiting, visited = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                waiting.append(value)
                if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                    if key.value in seen:
                        yield key.start_mark.line + 1, key.value
                    seen.add(key.value)


def _refuse_explosion(root: yaml.Node) -> None:
    """Counts the nodes an expansion would make, without expanding: aliases share nodes, so each is counted once."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()
    stack = [root]
    while stack:
        node = stack[-1]
        inner = _inner(node)
        waiting = [one for one in inner if id(one) not in sizes]
        if waiting and id(node) not in open_nodes:
            open_nodes.add(id(node))
            if any(id(one) in open_nodes for one in waiting):
                raise Unreadable("not valid YAML: an alias stands inside its own anchor")
            stack.extend(waiting)
            continue
        stack.pop()
        open_nodes.discard(id(node))
        sizes[id(node)] = 1 + sum(sizes.get(id(one), 0) for one in inner)
        if sizes[id(node)] > _MAX_EXPANDED:
            raise Unreadable(f"its YAML aliases expand to more than {_MAX_EXPANDED:,} nodes")


def _inner(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [one for pair in node.value for one in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _one_line(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    where = f" in line {mark.line + 1}" if mark is not None else ""
    return f"{' '.join(str(problem).split())}{where}"


def _construct_mapping(loader: Any, node: yaml.MappingNode) -> dict[Hashable, Any]:
    """Keys as they are written: `200:` and `on:` are text, as they would be in JSON."""
    loader.flatten_mapping(node)
    content: dict[Hashable, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key that is no text", key.start_mark)
        content[key.value] = loader.construct_object(value, deep=True)
    return content


def _construct_number(loader: Any, node: yaml.ScalarNode) -> Any:
    found = coerce(node.value, ("integer", "number"))
    return node.value if found is MISSING else found


_JsonLoader.add_implicit_resolver(f"{_TAG}bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
_JsonLoader.add_implicit_resolver(f"{_TAG}null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_JsonLoader.add_implicit_resolver(
    f"{_TAG}float", re.compile(r"^[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$"), list("-+0123456789.")
)
_JsonLoader.add_implicit_resolver(f"{_TAG}merge", re.compile(r"^<<$"), ["<"])
_JsonLoader.add_constructor(f"{_TAG}map", _construct_mapping)
_JsonLoader.add_constructor(f"{_TAG}float", _construct_number)
_JsonLoader.add_constructor(f"{_TAG}int", _construct_number)
