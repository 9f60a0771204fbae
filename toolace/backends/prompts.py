"""Prompts: one Jinja2 file a role, whole. `{% block system %}` and `{% block user %}` become the two chat messages.

A template sees the fields of the role's context as plain data, and `reply_schema`, the JSON Schema of the reply. It
never sees a field marked as oracle (`Field(json_schema_extra={"oracle": True})`): from that the simulator answers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from toolace.errors import UserMistake, nearest
from toolace.records import compact, plain
from toolace.roles import C, R, Role

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

Messages = list[dict[str, str]]

_BACKTICKS = re.compile(r"`{3,}")


class Prompts:
    """The prompt files of the first folder that has them: the user's own before the package's."""

    def __init__(self, folders: Sequence[Path]):
        """Raises UserMistake for a missing folder, and for a file of the user's that is no role's prompt."""
        self._folders = tuple(folders)
        self._templates: dict[str, Template] = {}
        self._environment: SandboxedEnvironment | None = None
        for folder in self._folders:
            if not folder.is_dir():
                raise UserMistake(f"prompts_dir {str(folder)!r} is not a folder; correct it or leave it out")
        *own, package = (_names(folder) for folder in self._folders)
        for folder, names in zip(self._folders, own, strict=False):
            for name in sorted(names - package):
                if not name.startswith("_"):  # a part that the user's own files include
                    hint = nearest(name, package) or f"; the prompts are {', '.join(sorted(package))}"
                    raise UserMistake(f"{folder / name}: no role has this prompt{hint}")

    def render(self, role: Role[C, R], context: C) -> Messages:
        """The chat messages of a question. Raises UserMistake for a file that is missing or broken."""
        from jinja2 import TemplateError

        try:
            template = self._template(role.name)
            values = context.model_dump(mode="json", exclude=set(oracle_fields(type(context))))
            scope = template.new_context({**values, "reply_schema": compact(reply_schema(role.reply))})
            return [
                {"role": name, "content": text}
                for name in ("system", "user")
                if name in template.blocks and (text := _clean(template.blocks[name](scope)))
            ]
        except TemplateError as error:
            raise UserMistake(self._explain(role.name, error)) from None

    def names(self) -> frozenset[str]:
        """The roles that have a prompt."""
        return frozenset(name.removesuffix(".jinja2") for name in _names(self._folders[-1]) if not name.startswith("_"))

    def digest(self) -> str:
        """SHA-256 of every prompt file in use, by name."""
        found = hashlib.sha256()
        for name in sorted(set().union(*(_names(folder) for folder in self._folders))):
            content = next((folder / name).read_bytes() for folder in self._folders if (folder / name).is_file())
            found.update(f"{name}\0{len(content)}\0".encode() + content)
        return found.hexdigest()

    def _template(self, name: str) -> Template:
        if name not in self._templates:
            if self._environment is None:
                self._environment = _environment(self._folders)
            template = self._environment.get_template(f"{name}.jinja2")
            if "user" not in template.blocks:
                raise UserMistake(
                    f"{template.filename}: no {{% block user %}}; a prompt needs one, and may have a system block"
                )
            self._templates[name] = template
        return self._templates[name]

    def _explain(self, name: str, error: Exception) -> str:
        places = [str(folder / f"{name}.jinja2") for folder in self._folders]
        place = next((place for place in places if Path(place).is_file()), places[-1])
        if not Path(place).is_file():
            return f"{place}: missing; role {name!r} has no prompt"
        line = getattr(error, "lineno", None)
        return f"{place}{f':{line}' if line else ''}: {error}; correct the prompt file"


@cache
def oracle_fields(context: type[BaseModel]) -> frozenset[str]:
    """Names of the context's fields that no prompt may see. Raises TypeError when one hides below the top level."""
    for nested in context.model_json_schema().get("$defs", {}).values():
        for name, schema in nested.get("properties", {}).items():
            if isinstance(schema, dict) and schema.get("oracle") is True:
                raise TypeError(
                    f"{context.__name__}: oracle field {name!r} lies in a nested model; move it to the top level"
                )
    extras = {name: field.json_schema_extra for name, field in context.model_fields.items()}
    return frozenset(name for name, extra in extras.items() if isinstance(extra, dict) and extra.get("oracle") is True)


@cache
def reply_schema(reply: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a reply, without the titles that pydantic makes up for fields."""
    return reply.model_json_schema(schema_generator=_Untitled)


class _Untitled(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def quoted(value: Any) -> str:
    """Untrusted text between fences longer than any it contains, so that it cannot close them."""
    text = value if isinstance(value, str) else compact(value)
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _environment(folders: Iterable[Path]) -> SandboxedEnvironment:
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=FileSystemLoader(list(folders)),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["json"] = lambda value: compact(_defined(value))
    environment.filters["quoted"] = lambda value: quoted(_defined(value))
    environment.filters["plain"] = lambda value: plain(_defined(value))
    return environment


def _defined(value: Any) -> Any:
    """Fails as printing would when a filter is given what does not exist."""
    from jinja2 import StrictUndefined

    return str(value) if isinstance(value, StrictUndefined) else value


def _clean(chunks: Iterable[str]) -> str:
    """One message. Lone surrogates, which documents may hold and UTF-8 cannot, become question marks."""
    return "".join(chunks).strip().encode("utf-8", "replace").decode()


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*.jinja2")}
