"""A dialog changed by hand: tools and messages as JSON in the person's editor, read back as a record."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from toolace.errors import ToolaceError
from toolace.records import Dialog, Turn, kind_of_turn, richest, turns_of


class NoEdit(ToolaceError):
    """Nothing usable came back from the editor; the message says why."""


def edited(dialog: Dialog) -> Dialog | None:
    """The dialog as the person left it; None when nothing was changed. Raises NoEdit."""
    before = dialog.model_dump(mode="json", exclude_none=True, include={"tools", "messages"})
    text = _in_editor(json.dumps(before, ensure_ascii=False, indent=2) + "\n")
    try:
        after = json.loads(text)
        if after == before:
            return None
        return rebuilt(dialog, after)
    except json.JSONDecodeError as error:
        raise NoEdit(f"line {error.lineno}: not JSON ({error.msg})") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise NoEdit(f"{'/'.join(map(str, first['loc'])) or 'the whole'}: {first['msg']}") from None


def rebuilt(dialog: Dialog, changed: Any) -> Dialog:
    """A dialog with other tools and messages: kinds are counted anew, situations stay where the turns do.

    Provenance and complexity belong to the words as they were, and go. Raises ValidationError.
    """
    content = dialog.model_dump(mode="json", exclude={"provenance", "complexity"})
    draft = Dialog.model_validate_json(
        json.dumps(content | (changed if isinstance(changed, dict) else {"messages": changed}))
    )
    counted = turns_of(draft.messages)
    is_same = [turn.first for turn in dialog.turns] == [turn.first for turn in counted]
    turns = tuple(_recounted(draft, at) for at in range(len(dialog.turns))) if is_same else counted
    return draft.model_copy(update={"turns": turns, "kind": richest([turn.kind for turn in turns])})


def _recounted(dialog: Dialog, at: int) -> Turn:
    """A turn with its kind from what is called in it now."""
    firsts = [turn.first for turn in dialog.turns[1:]]
    start, end = ([0, *firsts][at], [*firsts, len(dialog.messages)][at])
    return dialog.turns[at].model_copy(update={"kind": kind_of_turn(dialog.messages[start:end])})


def _in_editor(text: str) -> str:
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="toolace-") as folder:
        file = Path(folder) / "dialog.json"
        file.write_text(text, encoding="utf-8")
        try:
            code = subprocess.call([*shlex.split(command), str(file)])
        except (OSError, ValueError) as error:
            raise NoEdit(f"the editor {command!r} did not start ({error}); set EDITOR") from None
        if code:
            raise NoEdit(f"the editor {command!r} ended with code {code}")
        return file.read_text(encoding="utf-8")
