"""A workspace made by hand, small enough to count on one's fingers."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from toolace.backends.costs import Bill
from toolace.backends.replies import Reply, ReplyLog
from toolace.records import (
    Api,
    ApiLineage,
    Complexity,
    Dialog,
    Finding,
    Function,
    Message,
    Record,
    Rejection,
    Source,
    ToolCall,
    Turn,
)
from toolace.shards import Journal, Manifest, Settled, StageFolder, Workspace

CITY = {"type": "string", "description": "City", "minLength": 2}
SEARCH = {
    "type": "object",
    "properties": {"city": CITY, "guests": {"type": "array", "items": {"type": "integer"}}},
    "required": ["city"],
}
BOOK = {"type": "object", "properties": {"who": {"type": "object", "properties": {"name": {"type": "string"}}}}}


def api(number: int, name: str, parameters: dict[str, Any], domain: tuple[str, ...], **lineage: Any) -> Api:
    return Api(
        id=f"api-{number}",
        name=name,
        description="Find hotels in a city." if number == 0 else "Books a room",
        parameters=parameters,
        returns={"type": "object"},
        domain=domain,
        functionalities=("/".join((*domain, name)),),
        lineage=ApiLineage(origin="synthesized", **lineage),
    )


APIS = [
    api(0, "search_hotels", SEARCH, ("travel", "hotels"), indicators=("add_parameters",)),
    api(1, "bookRoom", BOOK, ("travel", "hotels")),
]


def dialog(id: str, arguments: dict[str, Any] | None, *, said: str = "Find a hotel", **more: Any) -> Dialog:
    """A dialog of one turn that calls search_hotels with `arguments`, or nothing."""
    call = ToolCall(id="call_0", function=Function(name="search_hotels", arguments=arguments or {}))
    acts = [] if arguments is None else [
        Message(role="assistant", tool_calls=(call,)),
        Message(role="tool", content='{"hotels": []}', tool_call_id="call_0", name="search_hotels"),
    ]  # fmt: skip
    kind: Any = "none" if arguments is None else "single"
    return Dialog(
        id=id,
        kind=kind,
        turns=(Turn(kind=kind, first=0),),
        tools=tuple(one.tool() for one in APIS),
        messages=(Message(role="user", content=said), *acts, Message(role="assistant", content="Here you are.")),
        **more,
    )


ACCEPTED = [
    dialog(
        "dialog-0",
        {"city": "Rome"},
        complexity=Complexity(learner="smollm2", measure="nll", value=1.5, in_range=True),
        provenance=(Source(argument="/messages/1/tool_calls/0/function/arguments/city", source="user"),),
    ),
    dialog("dialog-1", {"city": "Rome", "guests": [2]}),
    dialog("dialog-2", None),
]
FINDINGS = (
    Finding(
        check="hallucination", aspect="expert", where="/messages/1", message="'Paris' was not said", blame="assistant"
    ),
    Finding(check="balance", aspect="set", severity="warning", message="odd"),
)
REJECTED = Rejection(dialog=dialog("dialog-3", {"city": "Paris"}), findings=FINDINGS)


def fill(folder: StageFolder, kept: list[Any], rejected: list[tuple[str, Record]] = []) -> None:  # noqa: B006
    """Writes a finished stage folder."""
    lines = [Settled(at, "kept", "", one.line()) for at, one in enumerate(kept)]
    lines += [Settled(at, "rejected", reason, one.line()) for at, (reason, one) in enumerate(rejected, len(kept))]
    folder.path.mkdir(parents=True)
    manifest = Manifest(stage=folder.name, fingerprint={"input": "dialogs/"})
    folder.finish_part(Journal(0, 0, lines), manifest)


def fill_workspace(root: Path) -> Workspace:
    """Two APIs, four dialogs, three of them verified, two paid replies."""
    found = Workspace(root)
    fill(found.stage("apis"), APIS)
    fill(found.stage("dialogs"), [*ACCEPTED, REJECTED.dialog])
    fill(found.stage("verified"), ACCEPTED, [("hallucination", REJECTED)])
    log = ReplyLog(found.path("replies"))
    for role, cost in (("user", 0.25), ("assistant", 0.5)):
        bill = Bill("gen-dialogs", role, "gpt", 100, 20, cost)
        log.put(hashlib.sha256(role.encode()).digest(), Reply("{}"), bill)
    log.close()
    return found
