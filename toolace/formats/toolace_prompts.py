"""System prompts of the toolace format: how tools are declared and how calls are to be written, in several wordings.

`toolace` is the wording of the published rows; the others are ours, so that a model does not learn one wording by
heart.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from toolace.formats.rows import tools_text

PYTHON = "[func1(params_name=params_value, params_name2=params_value2...), func2(params)]"
JSON = '[{"name": "func1", "arguments": {"params_name": "params_value"}}, {"name": "func2", "arguments": {}}]'
NOTATIONS = {"python": PYTHON, "json": JSON}


class Prompt(NamedTuple):
    """Text before and after the list of tools; `{notation}` stands for the way to write calls."""

    before: str
    after: str
    indent: int | None = None

    def rendered(self, tools: list[dict[str, Any]], notation: str) -> str:
        """The system text for these tools."""
        listed = json.dumps(tools, ensure_ascii=False, indent=self.indent) if self.indent else tools_text(tools)
        return f"{_filled(self.before, notation)}{listed}{_filled(self.after, notation)}"

    def own_text(self, before: str, after: str, notation: str) -> str | None:
        """What a dialog's own system message says where this prompt stands around it; None where it does not."""
        ending = _filled(self.after, notation)
        if before != _filled(self.before, notation) or not after.startswith(ending):
            return None
        own = after[len(ending) :]
        return own.removeprefix("\n\n") if own.startswith("\n\n") else None if own.strip() else ""


def _filled(text: str, notation: str) -> str:
    return text.replace("{notation}", NOTATIONS[notation])


PROMPTS = {
    "toolace": Prompt(
        "You are an expert in composing functions. You are given a question and a set of possible functions. "
        "Based on the question, you will need to make one or more function/tool calls to achieve the purpose. "
        "If none of the function can be used, point it out. "
        "If the given question lacks the parameters required by the function, also point it out. "
        "You should only return the function call in tools call sections. "
        "Here is a list of functions in JSON format that you can invoke:\n",
        ". Should you decide to return the function call(s), put it in the format of {notation}. NO other text MUST be "
        "included in the call.",
    ),
    "plain": Prompt(
        "You can use the following tools:\n",
        "\nTo use tools, answer with nothing but the calls, written as {notation}. "
        "Without a fitting tool, or with something missing that a tool requires, answer in words.",
        2,
    ),
    "short": Prompt("Tools: ", "\nCalls look like this: {notation}"),
    "sections": Prompt(
        "# Role\nYou help the user and may call functions.\n\n# Functions\n",
        "\n\n# Calling\nWrite calls alone in a message, as {notation}. "
        "Several calls that do not need each other's results go into one message."
        "\n\n# Otherwise\nAsk for required values that are missing. Say so when no function fits.",
    ),
}
