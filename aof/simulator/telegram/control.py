"""The control API: what tests, the demo and the phone page use to act as the people who talk to the bot.

It has the paths and shapes of `aof.simulator.control`, guarded alike; what Telegram has and WhatsApp hasn't is added.
Bodies and answers are JSON. A refusal is `{"error": "…"}` with 400 (malformed), 403 (not this machine), 404 (no such
phone, chat or path) or 409 (not possible now). `{person}` is a person's user id; `{chat}` a group's chat id.

`GET /_sim/phones`
    `platform`: "telegram"; `bot`: id, username, name, `can_read_all`; `phones`: name, number and user_id (both the
    person's id, as text), username, language, on, started (they have pressed Start), blocked, `shown` (messages from
    the bot), `written`, `failed` (always 0), `waiting` (for a phone that is off), `unread`, window_open and
    window_closes_at (always true and null: Telegram has no window), typing_until, `drafts`, `menu` (command,
    description: the bot's commands as this person's private chat shows them), `notice` (what the last answer to a
    press shows: text, alert, at; or null); `webhooks`: url, pending, held (always 0), given_up, last_error;
    `requests`: Bot API requests ever seen
`POST /_sim/phones/{person}/messages`
    writes `{"text"}` or fields of a Message, e.g. `{"location": {…}}`; `quoted_id` answers a message; `chat_id` and
    `thread` write in a group or topic, by default in the private chat; `file` = `{"base64", "mime_type", "name"?}` is
    sent as `"as"`: "photo", "voice", "audio", "video" or "document" (else by its type), with `caption`; `anonymous`
    writes as an anonymous admin of the group; returns `{"id"}`
`GET /_sim/phones/{person}/messages?after=SEQ&wait=SECONDS`
    `messages` after that number, oldest first, of all chats that this person is in; waits (real seconds, at most 60)
    until there is one; with `changed_after=N` instead also those that have changed since; `latest` is the number to go
    on from
`POST /_sim/phones/{person}/press`
    `{"message_id", "action_id"}` taps a button that this phone shows, else 409; returns `{"id"}`, the callback query's
`POST /_sim/phones/{person}/edit`, `…/delete`, `…/react`
    `{"message_id", "text"}` changes a message that this person wrote; `{"message_id"}` takes it away; `{"message_id",
    "emoji"}` reacts to any, `""` takes the reaction away
`POST /_sim/phones/{person}/stop`
    presses the stop button of a draft: `{"draft_id"}`, by default of the newest; 409 where no draft has one
`POST /_sim/phones/{person}/block`
    `{"blocked": true}` or `{"blocked": false}`: the private chat with the bot; `my_chat_member` follows
`POST /_sim/phones/{person}/read`
    reads everything, or everything up to `{"message_id"}`; returns `{"read": [ids]}`; Telegram tells the bot nothing
`POST /_sim/phones/{person}/power`
    `{"on": true}` or `{"on": false}`; a phone that is off gets nothing until it is on
`GET /_sim/chats`
    `chats`: the groups: id, type (group, supergroup), title, is_forum, `topics` (id, name), `members` (id, name),
    `bot` (the bot's status: member, administrator, kicked, left), moved_to (the id of the supergroup it became, or
    null), typing_until
`GET /_sim/chats/{chat}/messages?after=SEQ&wait=SECONDS`
    as for a phone; seen from nobody's phone: `direction` is `in` for the bot's messages, `other` for all others
`POST /_sim/chats/{chat}/messages`
    as for a phone, with `from`: the person's id
`POST /_sim/chats/{chat}/press`
    `{"from", "message_id", "action_id"}`
`POST /_sim/chats/{chat}/migrate`
    makes a supergroup of a group; returns `{"id"}`, the new one's; 409 where it is one
`POST /_sim/chats/{chat}/bot`
    `{"status": "member" | "administrator" | "kicked" | "left", "from": person's id}`; `my_chat_member` follows
`GET /_sim/wire?after=SEQ&wait=SECONDS`
    `exchanges`: every Bot API request with its answer, every webhook with what became of it (`outcome`); one appears
    when it begins (`open`, status null), so follow it to its end with `changed_after`; `wait` and `latest` as above;
    `field` is the parameter that a refusal is about, or a note on what Telegram would have passed over in silence
`GET /_sim/events`
    all of this as server-sent events: `state` (platform, bot, phones with what is `held` for them, chats, webhooks,
    faults, suggestions, clock), `message` (with the `number` of its phone), `exchange`; first what there is, after
    `Last-Event-ID` only what is newer, and `anew` where that is of another run
`GET /_sim/`
    the phone page
`GET /_sim/faults`, `PUT /_sim/faults`
    the faults that are on; a PUT switches on exactly those in its body, `{}` none
`GET /_sim/clock`, `POST /_sim/clock/advance`
    `now` and `can_advance`; `{"seconds"}` moves the clock, 409 where it can't be moved
`GET /_sim/typing`
    `typing`: for each phone its name, number and `until`, which is null where no indicator is shown
`GET /_sim/files/{id}`
    the content of a file that a message carries
`POST /_sim/webhooks`
    gives the bot any object as an update, by webhook or polling; `update_id` is added where it is missing

A message has: seq, changed, id (`<chat id>:<message id>`), direction (seen from the phone: `in` has come from the bot,
`out` was written on the phone, `other` by somebody else of the group), type (text, rich, photo, document, voice, …,
service), text (without markup; a caption too), header, footer, button_label, part_id, code, details (always null),
buttons (id, title), rows (always empty), quoted_id, reaction (the emoji that the other side has put on it), group_id
(of a group, else null), status (sent, delivered, read), content (the parameters, or the fields of the Message, as
sent), at; and what WhatsApp hasn't: chat_id, thread (the topic's id, as text, `""` for none), `from` (id, name), html
(the text with its markup, sound by itself: `b i u s code pre blockquote a tg-spoiler`), entities, blocks (of a rich
message, else null), keyboard (rows of id, text, style, kind (callback, url, copy or other), value; style is plain,
success, danger or primary; id is null for what sends no callback), pressing (ids of the buttons whose press the bot has
not answered yet), edited, deleted, file (id, name, mime_type, size; else null).

A draft has: draft_id, chat_id, thread, text (empty: "Thinking…"), html, blocks, can_stop, until.
"""

from collections.abc import Callable
from typing import Any, cast

from aiohttp import web

from aof.simulator.guard import NoSuchPhone, guarded
from aof.simulator.queries import body_of, newer, text_in
from aof.simulator.switches import Switches
from aof.simulator.telegram.chats import Chat
from aof.simulator.telegram.fields import fields_of
from aof.simulator.telegram.files import Files
from aof.simulator.telegram.menu import Menu
from aof.simulator.telegram.network import Network, NotPossible
from aof.simulator.telegram.people import People
from aof.simulator.telegram.phone import Phone
from aof.simulator.telegram.posts import Post
from aof.simulator.telegram.settings import BotStatus
from aof.simulator.telegram.webhook import Webhook
from aof.simulator.wire import Wire

Json = dict[str, Any]
STATUSES = ("member", "administrator", "kicked", "left")
LONGEST_TEXT = 4096


class Control:
    """Routes under `/_sim`."""

    def __init__(
        self,
        network: Network,
        people: People,
        files: Files,
        menu: Menu,
        webhook: Webhook,
        wire: Wire,
        switches: Switches,
    ) -> None:
        self._network = network
        self._people = people
        self._files = files
        self._menu = menu
        self._webhook = webhook
        self._wire = wire
        self._switches = switches

    def app(self) -> web.Application:
        """To be mounted. Whatever is mounted there is guarded."""
        app = web.Application(middlewares=[guarded])
        phone, chat = "/phones/{person}", "/chats/{chat}"
        routes = [
            web.get("/phones", self._phones),
            web.post(f"{phone}/messages", self._write),
            web.get(f"{phone}/messages", self._messages),
            web.post(f"{phone}/press", self._press),
            web.post(f"{phone}/edit", self._edit),
            web.post(f"{phone}/delete", self._delete),
            web.post(f"{phone}/react", self._react),
            web.post(f"{phone}/stop", self._stop),
            web.post(f"{phone}/block", self._block),
            web.post(f"{phone}/read", self._read),
            web.post(f"{phone}/power", self._power),
            web.get("/chats", self._chats),
            web.get(f"{chat}/messages", self._chat_messages),
            web.post(f"{chat}/messages", self._write),
            web.post(f"{chat}/press", self._press),
            web.post(f"{chat}/migrate", self._migrate),
            web.post(f"{chat}/bot", self._set_bot),
            web.get("/typing", self._typing),
            web.get("/files/{id}", self._file),
            web.post("/webhooks", self._put_update),
        ]
        app.add_routes(routes + self._switches.routes())
        return app

    def shown(self) -> Json:
        """Phones and chats as they are now."""
        now = self._network.clock.now()
        bot = self._network.bot
        return {
            "platform": "telegram",
            "bot": {
                "id": str(bot["id"]),
                "username": bot["username"],
                "name": bot["first_name"],
                "can_read_all": self._network.settings.can_read_all,
            },
            "phones": [
                phone.shown(now, self._menu.shown_to(phone.id, phone.settings.language))
                for phone in self._network.phones
            ],
            "chats": self._shown_chats(),
            "webhooks": self._webhook.shown(),
        }

    # -- phones -------------------------------------------------------------------------------------------------

    async def _phones(self, request: web.Request) -> web.Response:
        shown = self.shown()
        del shown["chats"]
        return web.json_response(shown | {"requests": self._wire.requests})

    async def _write(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        phone = self._actor(request, body)
        chat = self._where(request, body, phone)
        quoted = self._quoted(body)
        thread = _thread(body)
        fields = fields_of(body, self._files)
        anonymous = body.get("anonymous") is True
        return web.json_response(
            {
                "id": _try(
                    lambda: self._people.write(phone, chat, fields, thread=thread, quoted=quoted, anonymous=anonymous)
                )
            }
        )

    def _quoted(self, body: Json) -> Post | None:
        if "quoted_id" not in body or body["quoted_id"] is None:
            return None
        found = self._network.post(text_in(body, "quoted_id"))
        if found is None:
            raise web.HTTPConflict(text="There is no message with that quoted_id.")
        return found

    async def _messages(self, request: web.Request) -> web.Response:
        transcript = self._phone(request).transcript
        found = await newer(request, transcript)
        return web.json_response({"messages": [entry.shown() for entry in found], "latest": transcript.latest})

    async def _press(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        phone = self._actor(request, body)
        message_id, action_id = text_in(body, "message_id"), text_in(body, "action_id")
        return web.json_response({"id": _try(lambda: self._people.press(phone, message_id, action_id))})

    async def _edit(self, request: web.Request) -> web.Response:
        phone, body = self._phone(request), await body_of(request)
        post, text = self._post(body), text_in(body, "text")
        if len(text) > LONGEST_TEXT:
            raise web.HTTPBadRequest(text=f"text has 1 to {LONGEST_TEXT} characters.")
        _try(lambda: self._people.edit(phone, post, text))
        return web.json_response({"edited": post.id})

    async def _delete(self, request: web.Request) -> web.Response:
        phone, post = self._phone(request), self._post(await body_of(request))
        _try(lambda: self._people.delete(phone, post))
        return web.json_response({"deleted": post.id})

    async def _react(self, request: web.Request) -> web.Response:
        phone, body = self._phone(request), await body_of(request)
        post, emoji = self._post(body), body.get("emoji")
        if not isinstance(emoji, str) or len(emoji) > 16:
            raise web.HTTPBadRequest(text='emoji is one emoji, or "".')
        _try(lambda: self._people.react(phone, post, emoji))
        return web.json_response({"reaction": emoji})

    async def _stop(self, request: web.Request) -> web.Response:
        phone, body = self._phone(request), await body_of(request, may_be_empty=True)
        draft_id = body.get("draft_id")
        if draft_id is not None and (isinstance(draft_id, bool) or not isinstance(draft_id, int)):
            raise web.HTTPBadRequest(text="draft_id is a whole number.")
        return web.json_response({"draft_id": _try(lambda: self._people.stop(phone, draft_id))})

    async def _block(self, request: web.Request) -> web.Response:
        phone, blocked = self._phone(request), _yes_or_no(await body_of(request), "blocked")
        _try(lambda: self._people.block(phone, blocked=blocked))
        return web.json_response({"blocked": phone.blocked})

    async def _read(self, request: web.Request) -> web.Response:
        phone, body = self._phone(request), await body_of(request, may_be_empty=True)
        message_id = text_in(body, "message_id") if "message_id" in body else None
        return web.json_response({"read": _try(lambda: self._people.read(phone, message_id))})

    async def _power(self, request: web.Request) -> web.Response:
        phone, on = self._phone(request), _yes_or_no(await body_of(request), "on")
        phone.switch(on=on)
        return web.json_response({"on": phone.is_on})

    # -- chats --------------------------------------------------------------------------------------------------

    def _shown_chats(self) -> list[Json]:
        now = self._network.clock.now()
        names = {phone.id: phone.settings.name for phone in self._network.phones}
        return [chat.shown(now, names) for chat in self._network.groups]

    async def _chats(self, request: web.Request) -> web.Response:
        return web.json_response({"chats": self._shown_chats()})

    async def _chat_messages(self, request: web.Request) -> web.Response:
        journal = self._chat(request.match_info["chat"]).journal
        found = await newer(request, journal)
        return web.json_response({"messages": [entry.shown() for entry in found], "latest": journal.latest})

    async def _migrate(self, request: web.Request) -> web.Response:
        chat = self._chat(request.match_info["chat"])
        return web.json_response({"id": str(_try(lambda: self._network.migrate(chat)))})

    async def _set_bot(self, request: web.Request) -> web.Response:
        chat, body = self._chat(request.match_info["chat"]), await body_of(request)
        phone, status = self._actor(request, body), body.get("status")
        if status not in STATUSES:
            raise web.HTTPBadRequest(text=f"status is one of {', '.join(STATUSES)}.")
        self._network.set_bot_status(chat, phone, cast("BotStatus", status))
        return web.json_response({"status": chat.bot})

    # -- finding things -----------------------------------------------------------------------------------------

    def _phone(self, request: web.Request) -> Phone:
        return self._person(request.match_info["person"])

    def _person(self, written: str) -> Phone:
        found = self._network.phone(int(written)) if written.isdecimal() else None
        if found is None:
            known = ", ".join(str(phone.id) for phone in self._network.phones)
            raise NoSuchPhone(text=f"There is no such phone. The phones are: {known}.")
        return found

    def _actor(self, request: web.Request, body: Json) -> Phone:
        """Whoever acts: in the path, or of a chat in the body."""
        return self._person(request.match_info.get("person") or str(body.get("from", "")))

    def _chat(self, written: str) -> Chat:
        found = self._network.chats.get(int(written)) if written.removeprefix("-").isdecimal() else None
        if found is None:
            known = ", ".join(str(chat.id) for chat in self._network.groups)
            raise NoSuchPhone(text=f"There is no such chat. The groups are: {known or 'none'}.")
        return found

    def _where(self, request: web.Request, body: Json, phone: Phone) -> Chat:
        written = request.match_info.get("chat") or body.get("chat_id")
        return phone.chat if written is None else self._chat(str(written))

    def _post(self, body: Json) -> Post:
        found = self._network.post(text_in(body, "message_id"))
        if found is None:
            raise web.HTTPConflict(text="There is no message with that id.")
        return found

    # -- the rest -----------------------------------------------------------------------------------------------

    async def _typing(self, request: web.Request) -> web.Response:
        now = self._network.clock.now()
        typing = []
        for phone in self._network.phones:
            until = phone.chat.typing_until(now)
            until_text = until.isoformat() if until else None
            typing.append({"name": phone.settings.name, "number": str(phone.id), "until": until_text})
        return web.json_response({"typing": typing})

    async def _file(self, request: web.Request) -> web.Response:
        file = self._files.find(request.match_info["id"])
        if file is None:
            raise NoSuchPhone(text="There is no such file.")
        # never shown as what it says it is: a file may hold anything
        headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"}
        return web.Response(body=file.content, content_type="application/octet-stream", headers=headers)

    async def _put_update(self, request: web.Request) -> web.Response:
        self._network.updates.put_body(await body_of(request), "")
        return web.json_response({"pending": self._network.updates.pending})


def _try(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except NotPossible as refused:
        raise web.HTTPConflict(text=str(refused)) from refused


def _yes_or_no(body: Json, key: str) -> bool:
    value = body.get(key)
    if not isinstance(value, bool):
        raise web.HTTPBadRequest(text=f'Write {{"{key}": true}} or {{"{key}": false}}.')
    return value


def _thread(body: Json) -> int | None:
    written = str(body.get("thread") or "")
    if not written:
        return None
    if not written.isdecimal():
        raise web.HTTPBadRequest(text='thread is the id of a topic, or "".')
    return int(written)
