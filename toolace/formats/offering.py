"""Tools offered later: what a row with one list of tools can carry of such a dialog."""

from __future__ import annotations

from toolace.formats.rows import NotCarried
from toolace.records import Dialog, richest


def offered_at_once(dialog: Dialog) -> tuple[Dialog, int]:
    """The dialog up to the turn before which tools are added, without those tools; and how many turns that leaves out.

    Formats have one list of tools a row. With all tools in it, the assistant's earlier words that it has no such tool
    would be taught as right while the tool is there; without the added ones, later calls would be of undeclared tools.
    What comes before is true either way, and it is a row that teaches not to call: the dialog is cut there. Raises
    NotCarried when nothing comes before.
    """
    cut = next((at for at, turn in enumerate(dialog.turns) if turn.tools_added), None)
    if cut is None:
        return dialog, 0
    if cut == 0:
        raise NotCarried("tools_offered_later")
    later = {name for turn in dialog.turns for name in turn.tools_added or ()}
    turns = dialog.turns[:cut]
    kept = {
        "turns": turns,
        "kind": richest([turn.kind for turn in turns]),
        "messages": dialog.messages[: dialog.turns[cut].first],
        "tools": tuple(tool for tool in dialog.tools if tool["function"]["name"] not in later),
    }
    return dialog.model_copy(update=kept), len(dialog.turns) - cut
