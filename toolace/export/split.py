"""Train and eval by API: which tools are held out is a property of the tool, so it is the same in every export."""

from __future__ import annotations

import hashlib
from typing import Any

from toolace.records import Dialog, Thought

_ANSWERED_WITHOUT_TOOLS = frozenset(("small_talk", "knowledge"))


def placed(dialog: Dialog, share: float) -> tuple[str | None, Dialog]:
    """(`train`, `eval` or None, the dialog as that split holds it); `share` of the tools are eval's.

    No tool that a row of eval offers stands in a row of train. A dialog whose tools all lie on one side goes there.
    Where its called tools do and candidates do not, these candidates are taken out of the offer, unless the assistant's
    words may be about them (it declined, or asked back). All other dialogs are left out.
    """
    if not share:
        return "train", dialog
    sides = [held_out(tool, share) for tool in identities(dialog)]
    if len(set(sides)) <= 1:
        return ("eval" if sides and sides[0] else "train"), dialog
    called = {call.function.name for message in dialog.messages for call in message.tool_calls or ()}
    decisive = {side for side, tool in zip(sides, dialog.tools, strict=True) if tool["function"]["name"] in called}
    if len(decisive) != 1 or not _speaks_only_of_calls(dialog):
        return None, dialog
    side = decisive.pop()
    kept = tuple(tool for one, tool in zip(sides, dialog.tools, strict=True) if one == side)
    return ("eval" if side else "train"), _offering(dialog, kept)


def identities(dialog: Dialog) -> list[str]:
    """What each tool is called in the pool: its id where the dialog knows it (names may be masked), else its name."""
    names = [tool["function"]["name"] for tool in dialog.tools]
    ids = dialog.lineage.apis if dialog.lineage else ()
    return list(ids) if len(ids) == len(names) else names


def held_out(tool: str, share: float) -> bool:
    """Whether a tool belongs to eval: by its own hash alone."""
    digest = hashlib.blake2b(tool.encode(), digest_size=8, person=b"split").digest()
    return int.from_bytes(digest) < share * 2**64


def _speaks_only_of_calls(dialog: Dialog) -> bool:
    """Whether no answer may be about a candidate that is not called."""
    situations = [turn.situation for turn in dialog.turns]
    for at, turn in enumerate(dialog.turns):
        given_next = at + 1 < len(situations) and situations[at + 1] == "given"
        if turn.kind == "none" and turn.situation not in _ANSWERED_WITHOUT_TOOLS and not given_next:
            return False
    return True


def _offering(dialog: Dialog, tools: tuple[dict[str, Any], ...]) -> Dialog:
    """The dialog with fewer candidates, its thinking and lineage with them."""
    names = {tool["function"]["name"] for tool in tools}
    messages = tuple(
        message.model_copy(update={"thought": _about(message.thought, names)}) if message.thought else message
        for message in dialog.messages
    )
    update: dict[str, Any] = {"tools": tools, "messages": messages}
    if dialog.returns:
        update["returns"] = {name: schema for name, schema in dialog.returns.items() if name in names}
    if dialog.lineage:
        kept = [
            id for id, tool in zip(identities(dialog), dialog.tools, strict=True) if tool["function"]["name"] in names
        ]
        update["lineage"] = dialog.lineage.model_copy(update={"apis": tuple(kept)})
    return dialog.model_copy(update=update)


def _about(thought: Thought, names: set[str]) -> Thought:
    return thought.model_copy(update={"tools": tuple(fit for fit in thought.tools if fit.tool in names)})
