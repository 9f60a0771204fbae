"""The files and batches endpoints of the loopback server: a file of questions comes in, a file of answers goes out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

if TYPE_CHECKING:
    from toolace.testing.server import LoopbackServer


class BatchDesk:
    """Uploaded files and batches, in memory. A batch is answered when it is created, and shown as such later."""

    def __init__(self, server: LoopbackServer):
        self._server = server
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}

    def add_to(self, router: web.UrlDispatcher) -> None:
        """The five routes."""
        router.add_post("/v1/files", self._upload)
        router.add_get("/v1/files/{id}/content", self._content)
        router.add_post("/v1/batches", self._create)
        router.add_get("/v1/batches", self._list)
        router.add_get("/v1/batches/{id}", self._show)

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["file"]
        assert isinstance(file, web.FileField), "an upload holds a file"
        return _json({"id": self._keep(file.file.read()), "object": "file", "purpose": form["purpose"]})

    async def _content(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["id"])
        return _missing() if content is None else web.Response(body=content)

    async def _create(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        lines = [orjson.loads(line) for line in self.files[wanted["input_file_id"]].splitlines()]
        server = self._server
        server.counters["batches"] += 1
        server.counters["batch_lines"] += len(lines)
        identity = f"batch-{len(self.batches)}"
        self.batches[identity] = {
            "id": identity,
            "object": "batch",
            "endpoint": wanted["endpoint"],
            "completion_window": wanted["completion_window"],
            "created_at": int(time.time()),
            "input_file_id": wanted["input_file_id"],
            "metadata": wanted.get("metadata"),
            "status": server.behaviour.batch_status,
            "_ready": time.monotonic() + server.behaviour.batch_seconds,
        }
        if server.behaviour.batch_status == "completed":
            self.batches[identity] |= await self._answered(lines)
        return _json(self._state(identity))

    async def _answered(self, lines: list[dict[str, Any]]) -> dict[str, str]:
        """Files of the answers and of what failed."""
        good, bad = bytearray(), bytearray()
        for line in lines:
            status, body = await self._server.answer_line(line["body"])
            answer: dict[str, Any] = {"id": line["custom_id"], "custom_id": line["custom_id"]}
            if status:
                answer |= {"response": {"status_code": status, "body": body}, "error": None}
            else:
                error = {
                    "code": "batch_expired",
                    "message": "This request could not be executed before the batch expired.",
                }
                answer |= {"response": None, "error": error}
            (good if status == 200 else bad).extend(orjson.dumps(answer) + b"\n")
        files = {"output_file_id": bytes(good), "error_file_id": bytes(bad)}
        return {name: self._keep(content) for name, content in files.items() if content}

    async def _list(self, _: web.Request) -> web.Response:
        return _json(
            {"object": "list", "data": [self._state(identity) for identity in self.batches], "has_more": False}
        )

    async def _show(self, request: web.Request) -> web.Response:
        identity = request.match_info["id"]
        self._server.counters["batch_polls"] += 1
        return _json(self._state(identity)) if identity in self.batches else _missing()

    def _state(self, identity: str) -> dict[str, Any]:
        """The batch as it stands by now; before it is ready it has no files."""
        batch = self.batches[identity]
        is_ready = time.monotonic() >= batch["_ready"]
        hidden = {"_ready"} if is_ready else {"_ready", "output_file_id", "error_file_id"}
        shown = {name: value for name, value in batch.items() if name not in hidden}
        return shown | {"status": batch["status"] if is_ready else "in_progress"}

    def _keep(self, content: bytes) -> str:
        identity = f"file-{len(self.files)}"
        self.files[identity] = content
        return identity


def _json(value: object) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def _missing() -> web.Response:
    return web.json_response({"error": {"message": "no such thing", "code": "not_found"}}, status=404)
