"""The loopback REST API: what each route does to the world of messages, commands and interactions."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter

from benchmarks.asked import Asked
from tools.loopback_discord.commands import attachment, option_type, registered
from tools.loopback_discord.limits import Refusal, choice_problems, command_problems, refuse_if
from tools.loopback_discord.message_limits import is_empty, message_problems, modal_problems
from tools.loopback_discord.payloads import (
    COMPONENTS_V2,
    EPHEMERAL,
    LOADING,
    Json,
    Snowflakes,
    Upload,
    application,
    message,
    now_text,
    self_user,
    walk,
)
from tools.loopback_discord.requests import Reply, Request, refused

ALLOWED_RESPONSES = {2: {4, 5, 9, 12}, 4: {8}, 3: {4, 5, 6, 7, 9, 12}, 5: {4, 5, 6, 7, 12}}
NEEDS_TOKEN = frozenset({"me", "application", "gateway", "commands", "unknown"})
LIMITED = frozenset({"edit", "original", "delete", "followup", "commands"})


class Buckets:
    """Discord's rate limits: ``burst`` requests in a window of ``seconds``, a token or route each."""

    def __init__(self) -> None:
        self.burst = 5
        self.seconds = 2.0
        self._windows: dict[str, tuple[float, int]] = {}

    def forget(self) -> None:
        self._windows.clear()

    def headers(self, name: str) -> tuple[dict[str, str], bool]:
        """The headers of the next request of a bucket, and whether it is within the limit."""
        now = perf_counter()
        started, used = self._windows.get(name, (now, 0))
        if now - started >= self.seconds:
            started, used = now, 0
        self._windows[name] = (started, used + 1)
        left = max(0.0, started + self.seconds - now)
        headers = {
            "X-RateLimit-Limit": str(self.burst),
            "X-RateLimit-Remaining": str(max(0, self.burst - used - 1)),
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(name.encode()).hexdigest()[:32],
        }
        return headers, used < self.burst


class Rest:
    """Every message, command and interaction, and the routes that change them. A route raises ``Refusal`` to refuse."""

    def __init__(self, token: str, ids: Snowflakes, commands: Sequence[Json]) -> None:
        self.url = ""  # known once the server listens
        self.shards = 1
        self.gateway_url = ""
        self.token_lifetime = 900.0
        self.attachment_size_limit = 10 * 1024 * 1024
        self.identifies_left = 1000
        self.commands = list(commands)
        self.asked: dict[str, Asked] = {}
        self.messages: dict[str, Json] = {}
        self.files: dict[str, Upload] = {}
        self._by_token: dict[str, Asked] = {}
        self._token, self._ids = token, ids
        self.buckets = Buckets()
        self._routes: dict[str, Callable[[Request], Reply]] = {
            "me": lambda _: Reply(200, self_user()),
            "application": lambda _: Reply(200, application()),
            "gateway": self._gateway,
            "commands": self._commands,
            "callback": self._callback,
            "original": self._read,
            "edit": self._edit,
            "delete": self._delete,
            "followup": self._follow_up,
            "cdn": self._file,
        }

    def keep(self, asked: Asked) -> None:
        self.asked[asked.id] = self._by_token[asked.token] = asked

    def forget(self) -> None:
        """Drop every interaction, message and file, and what each token used of its limit."""
        for kept in (self.asked, self._by_token, self.messages, self.files):
            kept.clear()
        self.buckets.forget()

    def carry_out(self, request: Request) -> Reply:
        """Do what was asked and answer it; the request remembers the answer."""
        headers, is_within = self._limits(request)
        try:
            if request.kind in NEEDS_TOKEN and request.authorization != f"Bot {self._token}":
                raise Refusal(401, 0, "401: Unauthorized")
            reply = self._routes.get(request.kind, nowhere)(request) if is_within else too_many(headers)
        except Refusal as refusal:
            reply = refused(refusal)
        request.status, request.answer = reply.status, reply.body
        return Reply(reply.status, reply.body, headers | reply.headers)

    def asked_by(self, request: Request) -> Asked | None:
        """The interaction that a request is about, by its token."""
        return self._by_token.get(request.variables.get("token", ""))

    def _limits(self, request: Request) -> tuple[dict[str, str], bool]:
        if request.kind not in LIMITED:
            return {}, True
        return self.buckets.headers(request.variables.get("token") or f"{request.method} {request.kind}")

    def _gateway(self, _: Request) -> Reply:
        limit = {"total": 1000, "remaining": self.identifies_left, "reset_after": 14_400_000, "max_concurrency": 1}
        return Reply(200, {"url": self.gateway_url, "shards": self.shards, "session_start_limit": limit})

    # --- commands -------------------------------------------------------------------------------

    def _commands(self, request: Request) -> Reply:
        if request.method == "GET":
            return Reply(200, self.commands)
        sent = request.body if request.method == "PUT" else [request.body]
        if not isinstance(sent, list) or not all(isinstance(command, dict) for command in sent):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        refuse_if(command_problems(sent))
        made = [registered(command, self._ids) for command in sent]
        others = [] if request.method == "PUT" else [old for old in self.commands if old["name"] != made[0]["name"]]
        self.commands[:] = [*others, *made]
        return Reply(200, made) if request.method == "PUT" else Reply(201, made[0])

    # --- interactions ---------------------------------------------------------------------------

    def _callback(self, request: Request) -> Reply:
        asked = self.asked.get(request.variables["interaction"])
        if asked is None or asked.token != request.variables["token"]:
            raise Refusal(404, 10062, "Unknown interaction")
        if asked.acknowledged is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if perf_counter() - asked.sent > asked.deadline:
            raise Refusal(404, 10062, "Unknown interaction")
        response_type = self._checked_callback(request, asked)
        self._respond(asked, response_type, request)
        asked.acknowledge(response_type)
        return (
            Reply(200, self._callback_answer(asked))
            if request.query.get("with_response") in ("1", "true")
            else Reply(204)
        )

    def _checked_callback(self, request: Request, asked: Asked) -> int:
        if not isinstance(request.body, dict):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        response_type, data = request.body.get("type"), request.data
        if response_type not in ALLOWED_RESPONSES[asked.payload["type"]]:
            raise Refusal(
                400, 50035, f"Invalid Form Body: a response of type {response_type} does not fit this interaction"
            )
        if response_type in (4, 7):
            refuse_if(message_problems(data, request.files, ("data",)))
            self._check_files(request.files)
            if response_type == 4 and is_empty(data, request.files):
                raise Refusal(400, 50006, "Cannot send an empty message")
        elif response_type == 8:
            refuse_if(choice_problems(data, option_type(asked.payload["data"])))
        elif response_type == 9:
            refuse_if(modal_problems(data))
        return int(response_type)

    def _check_files(self, files: Iterable[Upload]) -> None:
        if any(len(file.content) > self.attachment_size_limit for file in files):
            raise Refusal(413, 40005, "Request entity too large")

    def _respond(self, asked: Asked, response_type: int, request: Request) -> None:
        if response_type == 4:
            asked.message = self._made(asked, request)
        elif response_type == 5:
            asked.message = self._new_message(asked, request.data.get("flags", 0) & EPHEMERAL | LOADING)
        elif response_type in (6, 7) and "message" in asked.payload:
            asked.message = self.messages[asked.payload["message"]["id"]]
            if response_type == 7:
                self._write(asked.message, request, asked)
        elif response_type == 8:
            asked.choices = request.data["choices"]
        elif response_type == 9:
            asked.modal = request.data

    def _callback_answer(self, asked: Asked) -> Json:
        interaction: Json = {"id": asked.id, "type": asked.payload["type"]}
        resource: Json = {"type": asked.response_type}
        if asked.message is not None:
            flags = asked.message["flags"]
            interaction |= {
                "response_message_id": asked.message["id"],
                "response_message_loading": bool(flags & LOADING),
            }
            interaction |= {
                "response_message_ephemeral": bool(flags & EPHEMERAL),
                "channel_id": asked.message["channel_id"],
            }
            resource |= {"message": asked.message}
        return {"interaction": interaction, "resource": resource}

    # --- messages -------------------------------------------------------------------------------

    def _known(self, request: Request) -> Asked:
        """The interaction whose token this is, once it was acknowledged and while the token lasts."""
        asked = self.asked_by(request)
        if asked is None or asked.acknowledged is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        if perf_counter() - asked.sent > self.token_lifetime:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return asked

    def _meant(self, request: Request, asked: Asked) -> Json:
        wanted = request.variables["message"]
        own = [asked.message, *asked.followups]
        for found in own[:1] if wanted == "@original" else own:
            if found is not None and not found.get("deleted") and wanted in ("@original", found["id"]):
                return found
        raise Refusal(404, 10008, "Unknown Message")

    def _read(self, request: Request) -> Reply:
        return Reply(200, self._meant(request, self._known(request)))

    def _edit(self, request: Request) -> Reply:
        asked = self._known(request)
        found = self._meant(request, asked)
        self._check_message(found | request.data | {"flags": found["flags"] | request.data.get("flags", 0)}, request)
        self._write(found, request, asked)
        found["edited_timestamp"] = now_text()
        if found is asked.message:
            asked.answer()
        return Reply(200, found)

    def _follow_up(self, request: Request) -> Reply:
        asked = self._known(request)
        self._check_message(request.data, request)
        if (
            asked.message is not None and asked.message["flags"] & LOADING
        ):  # the first follow-up fills in a deferred answer
            self._write(asked.message, request, asked)
            asked.answer()
            return Reply(200, asked.message)
        made = self._made(asked, request)
        asked.followups.append(made)
        return Reply(200, made) if request.query.get("wait") in ("1", "true") else Reply(204)

    def _delete(self, request: Request) -> Reply:
        found = self._meant(request, self._known(request))
        found["deleted"] = True
        self.messages.pop(found["id"], None)
        return Reply(204)

    def _check_message(self, body: Json, request: Request) -> None:
        if not isinstance(request.body, dict):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        refuse_if(message_problems(body, request.files))
        self._check_files(request.files)
        if is_empty(body, request.files):
            raise Refusal(400, 50006, "Cannot send an empty message")

    def _made(self, asked: Asked, request: Request) -> Json:
        made = self._new_message(asked, request.data.get("flags", 0) & EPHEMERAL)
        self._write(made, request, asked)
        return made

    def _new_message(self, asked: Asked, flags: int) -> Json:
        made = message(self._ids.next(), asked.payload, asked.asker) | {"flags": flags}
        self.messages[made["id"]] = made
        return made

    def _write(self, found: Json, request: Request, asked: Asked) -> None:
        """Put what a request says into a message; what it does not mention stays."""
        data = request.data
        for part in ("content", "embeds", "components"):
            if part in data:
                found[part] = copy.deepcopy(data[part]) or ("" if part == "content" else [])
        found["flags"] = (found["flags"] | data.get("flags", 0) & ~EPHEMERAL) & ~LOADING
        found["attachments"] = self._attachments(found, request)
        asked.files += request.files
        if found["flags"] & COMPONENTS_V2 or found["components"]:
            finish_components(found)

    def _attachments(self, found: Json, request: Request) -> list[Json]:
        kept = found["attachments"]
        if "attachments" in request.data:
            wanted = {str(listed.get("id")) for listed in request.data["attachments"] or []}
            kept = [old for old in kept if old["id"] in wanted]
        return [*kept, *(attachment(self._stored(file), file, self.url) for file in request.files)]

    def _stored(self, file: Upload) -> str:
        file_id = self._ids.next()
        self.files[file_id] = file
        return file_id

    def _file(self, request: Request) -> Reply:
        file = self.files.get(request.variables["file"])
        if file is None:
            raise Refusal(404, 0, "404: Not Found")
        return Reply(200, file.content, {"Content-Type": file.content_type})


def finish_components(found: Json) -> None:
    """Give each component an id and each attached file its address, as Discord returns them."""
    urls = {attached["filename"]: attached for attached in found["attachments"]}
    for number, component in enumerate(walk(found["components"]), start=1):
        component.setdefault("id", number)
        media = [
            component.get("media"),
            component.get("file"),
            *(item.get("media") for item in component.get("items") or []),
        ]
        for item in filter(None, media):
            attached = urls.get(item["url"].removeprefix("attachment://"))
            if item["url"].startswith("attachment://") and attached:
                item |= {"url": attached["url"], "proxy_url": attached["url"], "attachment_id": attached["id"]}


def nowhere(_: Request) -> Reply:
    raise Refusal(404, 0, "404: Not Found")


def too_many(headers: dict[str, str]) -> Reply:
    """The true 429 of a bucket that is empty."""
    after = float(headers["X-RateLimit-Reset-After"])
    body = {"message": "You are being rate limited.", "retry_after": after, "global": False}
    return Reply(429, body, {"Retry-After": str(max(1, round(after))), "X-RateLimit-Scope": "user"})
