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
