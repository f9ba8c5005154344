"""The control API: what tests, the demo and the phone page use to act as the people with the phones.

It answers to programs and pages of this machine only (remote address, `Host` and `Origin` are checked). Bodies and
answers are JSON. A refusal is `{"error": "…"}` with 400 (malformed), 403 (not this machine), 404 (no such phone or
path) or 409 (not possible now). `{number}` is a phone's number with or without `+`, or its user id.

`GET /_sim/phones`
    `phones`: name, number, user_id, on, `shown` (messages from the business), `written`, `failed`, `waiting`
    (for a phone that is off), `unread`, window_open, window_closes_at, typing_until; `webhooks`: url, pending,
    held, given_up; `requests`: Graph requests ever seen
`POST /_sim/phones/{number}/messages`
    writes `{"text"}` or any node of `messages[]`, e.g. `{"type": "image", "image": {…}}`; `quoted_id` answers a
    message; `file` = `{"base64", "mime_type"}` becomes the medium of the node; returns `{"id"}`
`GET /_sim/phones/{number}/messages?after=SEQ&wait=SECONDS`
    `messages` after that number, oldest first; waits (real seconds, at most 60) until there is one; with
    `changed_after=N` instead also those that have changed since; `latest` is the number to go on from
`POST /_sim/phones/{number}/press`
    `{"message_id", "action_id"}` taps a button or row that this phone shows, else 409; returns `{"id"}`
`POST /_sim/phones/{number}/read`
    reads everything, or everything up to `{"message_id"}`; returns `{"read": [ids]}`
`POST /_sim/phones/{number}/play`
    `{"message_id"}` listens to a voice message
`POST /_sim/phones/{number}/power`
    `{"on": true}` or `{"on": false}`; a phone that is off gets nothing until it is on
`GET /_sim/wire?after=SEQ&wait=SECONDS`
    `exchanges`: every Graph request with its answer, every webhook with what became of it (`outcome`); one
    appears when it begins (`open`, status null), so follow it to its end with `changed_after`; `wait` and
    `latest` as above; `field` is the part of the body that a refusal is about, where the simulator knows it
`GET /_sim/events`
    all of this as server-sent events: `state` (platform, phones with what is `held` for them, webhooks, faults,
    suggestions, clock, and `beside`: paths of other simulators' control APIs on this server), `message` (with the
    `number` of its phone), `exchange`; first what there is, after `Last-Event-ID` only what is newer, and `anew` where
    that is of another run
`GET /_sim/`
    the phone page
`GET /_sim/faults`, `PUT /_sim/faults`
    the faults that are on; a PUT switches on exactly those in its body, `{}` none
`GET /_sim/templates`, `POST /_sim/templates/{name}/{language}`
    `templates`: name, language, status, category, quality, body, buttons; `{"status": "PAUSED", "reason"}`,
    `{"category": "marketing"}` or `{"quality": "RED"}` changes one, and Meta's webhook about it follows
`GET /_sim/clock`, `POST /_sim/clock/advance`
    `now` and `can_advance`; `{"seconds"}` moves the clock, 409 where it can't be moved
`GET /_sim/typing`
    `typing`: for each phone its name, number and `until`, which is null where no indicator is shown
`POST /_sim/webhooks`
    posts any body to the business, signed and repeated like all others

A message has: seq, changed, id, direction (seen from the phone: `in` has come from the business, `out` was written on
the phone), type, text, header, footer, buttons (id, title), button_label, rows (id, title, description), quoted_id,
reaction, part_id (the opaque callback data), group_id, status (sent, delivered, read, failed), code and details (of a
failure; the phone never showed such a message), content (the node as sent), at.
"""

import base64
from collections.abc import Callable
from typing import Any

from aiohttp import web

from aof.simulator.approved import Approved, NoSuchTemplate
from aof.simulator.envelope import Update
from aof.simulator.guard import NoSuchPhone, guarded
from aof.simulator.media_api import MediaApi
from aof.simulator.network import Network, NotPossible
from aof.simulator.phone import Phone
from aof.simulator.queries import body_of, newer, text_in
from aof.simulator.switches import Switches
from aof.simulator.webhooks import Webhooks
from aof.simulator.wire import Wire

Json = dict[str, Any]
LONGEST_TEXT = 65_536


class Control:
    """Routes under `/_sim`."""

    def __init__(
        self,
        network: Network,
        webhooks: Webhooks,
        wire: Wire,
        media: MediaApi,
        templates: Approved,
        switches: Switches,
    ) -> None:
        self._network = network
        self._webhooks = webhooks
        self._wire = wire
        self._media = media
        self._templates = templates
        self._switches = switches

    def app(self) -> web.Application:
        """To be mounted. Whatever is mounted there is guarded."""
        app = web.Application(middlewares=[guarded])
        phone = "/phones/{number}"
        routes = [
            web.get("/phones", self._phones),
            web.post(f"{phone}/messages", self._write),
            web.get(f"{phone}/messages", self._messages),
            web.post(f"{phone}/press", self._press),
            web.post(f"{phone}/read", self._read),
            web.post(f"{phone}/play", self._play),
            web.post(f"{phone}/power", self._power),
            web.get("/templates", self._shown_templates),
            web.post("/templates/{name}/{language}", self._change_template),
            web.get("/typing", self._typing),
            web.post("/webhooks", self._post_webhook),
        ]
        app.add_routes(routes + self._switches.routes())
        return app

    # -- phones -------------------------------------------------------------------------------------------------

    async def _phones(self, request: web.Request) -> web.Response:
        now = self._network.clock.now()
        phones = [phone.shown(now) for phone in self._network.phones]
        body = {"phones": phones, "webhooks": self._webhooks.shown(), "requests": self._wire.requests}
        return web.json_response(body)

    async def _write(self, request: web.Request) -> web.Response:
        phone = self._phone(request)
        node = await body_of(request)
        quoted_id = node.pop("quoted_id", None)
        if quoted_id is not None and not isinstance(quoted_id, str):
            raise web.HTTPBadRequest(text="quoted_id is the id of a message.")
        file = node.pop("file", None)
        if "type" not in node:
            text = node.get("text")
            if not isinstance(text, str) or not 1 <= len(text) <= LONGEST_TEXT or len(node) > 1:
                raise web.HTTPBadRequest(text='Write {"text": "…"}, or a message node with its "type".')
            node = {"type": "text", "text": {"body": text}}
        if any(not isinstance(value, str) or not value for value in (node["type"], node.get("id", "new"))):
            raise web.HTTPBadRequest(text="type and id are texts.")
        if file is not None:
            self._attach(request, node, file)
        return web.json_response({"id": self._try(lambda: self._network.write(phone, node, quoted_id))})

    def _attach(self, request: web.Request, node: Json, file: object) -> None:
        parts = file if isinstance(file, dict) else {}
        encoded, mime_type = parts.get("base64"), parts.get("mime_type")
        try:
            content = base64.b64decode(encoded, validate=True) if isinstance(encoded, str) else b""
        except ValueError:  # binascii.Error, or a character beyond ASCII
            content = b""
        if not content or not isinstance(mime_type, str):
            raise web.HTTPBadRequest(text='file is {"base64": "…", "mime_type": "image/png"}.')
        own = node.get(node["type"])
        medium = self._media.from_phone(content, mime_type, str(request.url.origin()))
        node[node["type"]] = (own if isinstance(own, dict) else {}) | medium

    async def _messages(self, request: web.Request) -> web.Response:
        transcript = self._phone(request).transcript
        found = await newer(request, transcript)
        return web.json_response({"messages": [bubble.shown() for bubble in found], "latest": transcript.latest})

    async def _press(self, request: web.Request) -> web.Response:
        phone = self._phone(request)
        body = await body_of(request)
        message_id, action_id = text_in(body, "message_id"), text_in(body, "action_id")
        return web.json_response({"id": self._try(lambda: self._network.press(phone, message_id, action_id))})

    async def _read(self, request: web.Request) -> web.Response:
        phone = self._phone(request)
        body = await body_of(request, may_be_empty=True)
        message_id = text_in(body, "message_id") if "message_id" in body else None
        return web.json_response({"read": self._try(lambda: self._network.read(phone, message_id))})

    async def _play(self, request: web.Request) -> web.Response:
        phone = self._phone(request)
        message_id = text_in(await body_of(request), "message_id")
        self._try(lambda: self._network.play(phone, message_id))
        return web.json_response({"played": message_id})

    async def _power(self, request: web.Request) -> web.Response:
        phone = self._phone(request)
        on = (await body_of(request)).get("on")
        if not isinstance(on, bool):
            raise web.HTTPBadRequest(text='Write {"on": true} or {"on": false}.')
        self._network.power(phone, on=on)
        return web.json_response({"on": phone.is_on})

    def _phone(self, request: web.Request) -> Phone:
        wanted = request.match_info["number"]
        digits = wanted.removeprefix("+")
        for phone in self._network.phones:
            if phone.settings.wa_id == digits or phone.settings.user_id == wanted:
                return phone
        known = ", ".join(phone.settings.number for phone in self._network.phones)
        raise NoSuchPhone(text=f"There is no such phone. The phones are: {known}.")

    def _try(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except NotPossible as refused:
            raise web.HTTPConflict(text=str(refused)) from refused

    # -- the rest -----------------------------------------------------------------------------------------------

    async def _shown_templates(self, request: web.Request) -> web.Response:
        return web.json_response({"templates": self._templates.shown()})

    async def _change_template(self, request: web.Request) -> web.Response:
        name, language = request.match_info["name"], request.match_info["language"]
        try:
            self._templates.change(name, language, await body_of(request))
        except NoSuchTemplate:
            raise web.HTTPNotFound(text=f"There is no template {name} in {language}.") from None
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from None
        return await self._shown_templates(request)

    async def _typing(self, request: web.Request) -> web.Response:
        now = self._network.clock.now()
        typing = []
        for phone in self._network.phones:
            until = phone.typing_until(now)
            until_text = until.isoformat() if until else None
            typing.append({"name": phone.settings.name, "number": phone.settings.number, "until": until_text})
        return web.json_response({"typing": typing})

    async def _post_webhook(self, request: web.Request) -> web.Response:
        self._webhooks.put(Update("payload", await body_of(request)))
        return web.json_response({"pending": self._webhooks.pending})
