"""Where programs post events and ask what became of them: 202 and an address, or the answer itself for who waits."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

from aiohttp import web

from aof.clock import Clock
from aof.domain.errors import PayloadRejected
from aof.domain.message import OWN_EVENTS, ButtonPress, InboundMessage
from aof.logs import get
from aof.metrics import Metrics
from aof.pipeline.receive import Receiver
from aof.pipeline.watch import Watch
from aof.platforms.base import AnyPlatform, Asked
from aof.store.answers import NOWHERE, Answers, AnswerTo, PartOfAnswer, Place
from aof.store.base import EventState
from aof.web.answers import error
from aof.web.guard import Origins
from aof.web.webhooks import Taken

log = get(__name__)

MOST_SECONDS = 60
"""That one request is held open. Proxies commonly give up on a silent one after a minute."""
MOST_WAITING = 100
"""Requests that are held open at the same time; one more is answered at once. The port has to stay open for others."""
_STATES: Mapping[EventState, str] = {
    "new": "waiting",
    "running": "working",
    "parked": "parked",
    "done": "done",
    "dead": "failed",
}
MOST_PARTS = 100
"""Of one answer; the next ones are behind its `next`."""
FoundT = TypeVar("FoundT")
_PLACE = re.compile(r"([0-9]{1,12}\.[0-9]{1,12})-([0-9]{1,18})")
_WHOLE_SECONDS = re.compile(r"[0-9]{1,2}")


class Asking:
    """The answers of every platform whose programs ask."""

    def __init__(
        self,
        platforms: Mapping[str, AnyPlatform],
        receiver: Receiver,
        store: Answers,
        watch: Watch,
        clock: Clock,
        *,
        origins: Origins,
        metrics: Metrics,
    ) -> None:
        self._asked = {name: platform for name, platform in platforms.items() if isinstance(platform, Asked)}
        self._receiver = receiver
        self._store = store
        self._watch = watch
        self._clock = clock
        self._origins = origins
        self._metrics = metrics
        self._waiting = 0

    @property
    def takes(self) -> Mapping[str, Taken]:
        """What takes a verified body of these platforms, by name."""
        return {name: partial(self._post, platform) for name, platform in self._asked.items()}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"/{webhook}/{name}{path}", partial(ask, platform), allow_head=False)
            for name, platform in self._asked.items()
            for webhook in ("webhook", "webhooks")
            for path, ask in (
                ("/{event}", self._event),
                ("/senders/{chat}", self._said),
                ("/conversations/{chat}", self._said),
            )
        ]

    async def _post(self, platform: AnyPlatform, payload: bytes, request: web.Request) -> web.Response:
        seconds = _seconds(request)
        if seconds is None:
            return _no_wait()
        try:
            (event,) = platform.parse_message(payload, request.headers)
        except PayloadRejected as rejected:
            log.warning("event_refused", platform=platform.name, reason=rejected.reason)
            return error(400, rejected.reason)
        await self._receiver.receive(platform, payload, request.headers)
        found = await self._store.answer_to(platform.account, event.event_id)
        if found is None or not isinstance(event, InboundMessage | ButtonPress):
            return error(404, "there is no such event of this sender")
        if not _is_the_same(event, found):
            return error(409, "this id belongs to another event; give each event an id of its own")
        if not found.is_settled:
            found = await self._waited(platform, event.event_id, found, seconds)
        return _answered(platform, event.event_id, found)

    async def _event(self, platform: AnyPlatform, request: web.Request) -> web.Response:
        """What became of one event."""
        if (refused := self._refused(platform, request)) is not None:
            return refused
        seconds = _seconds(request)
        if seconds is None:
            return _no_wait()
        event_id = request.match_info["event"]
        found = await self._store.answer_to(platform.account, event_id)
        # one answer for what there is not and for what is another's: an id can't be guessed by its answer
        if found is None or found.sender != request.query.get("sender"):
            return error(404, "there is no such event of this sender")
        if not found.is_over:
            found = await self._waited(platform, event_id, found, seconds, news=found)
        return _answered(platform, event_id, found)

    async def _said(self, platform: AnyPlatform, request: web.Request) -> web.Response:
        """What was said to a sender, or in a conversation that is shared, be it asked for or not."""
        if (refused := self._refused(platform, request)) is not None:
            return refused
        seconds, behind = _seconds(request), _place(request.query.get("after", ""))
        if seconds is None:
            return _no_wait()
        if behind is None:
            return error(400, "after is no place; take it from the address that came last")
        chat = request.match_info["chat"]

        async def look() -> tuple[PartOfAnswer, ...]:
            return await self._store.said_in(f"{platform.account}/{chat}", behind=behind, most=MOST_PARTS)

        found = await look()
        if not found:
            found = await self._held(f"{platform.account}/{chat}", seconds, look, bool) or ()
        place = found[-1].place if found else behind
        path = request.path.replace("/webhooks/", "/webhook/", 1)
        body = {
            "parts": [_part(platform, part) for part in found],
            "next": f"{path}?after={place.at!r}-{place.seq}",
        }
        return web.json_response(body)

    def _refused(self, platform: AnyPlatform, request: web.Request) -> web.Response | None:
        """The answer to who may not ask."""
        signature = request.headers.get(platform.signature_header, "")
        if signature and self._may_ask(platform, request, signature):
            return None
        reason = "wrong signature" if signature else "no signature"
        self._metrics.refused.labels(reason).inc()
        log.warning("webhook_refused", platform=platform.name, reason=reason, remote=self._origins.of(request))
        return error(401, "the question is not signed, or its signature does not fit")

    def _may_ask(self, platform: AnyPlatform, request: web.Request, signature: str) -> bool:
        return isinstance(platform, Asked) and platform.verify_question(request.raw_path, signature, request.headers)

    async def _waited(
        self, platform: AnyPlatform, event_id: str, found: AnswerTo, seconds: int, news: AnswerTo | None = None
    ) -> AnswerTo:
        """What there is once nothing more comes by itself, or when the time is up.

        Args:
            news: What whoever asks knows already; anything else is worth an answer.
        """

        async def look() -> AnswerTo:
            return await self._store.answer_to(platform.account, event_id) or found

        def is_enough(one: AnswerTo) -> bool:
            return one.is_over or (one.is_settled and one != news)

        return await self._held(found.conversation, seconds, look, is_enough) or found

    async def _held(
        self,
        conversation: str,
        seconds: int,
        look: Callable[[], Awaitable[FoundT]],
        is_enough: Callable[[FoundT], bool],
    ) -> FoundT | None:
        """What there is when it is enough, or when the time is up; None where nothing was waited for."""
        if self._waiting >= MOST_WAITING or not seconds:
            return None
        self._waiting += 1
        due = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.sleep(0)  # the time runs from here
            with self._watch.on(conversation) as rung:
                due.add_done_callback(lambda _: rung.set())
                while True:
                    rung.clear()
                    found = await look()
                    if is_enough(found) or due.done() or self._watch.is_over:
                        return found
                    await rung.wait()
        finally:
            due.cancel()
            self._waiting -= 1


def _place(written: str) -> Place | None:
    """The place that an address names; None where it names none."""
    if not written:
        return NOWHERE
    found = _PLACE.fullmatch(written)
    return Place(float(found[1]), int(found[2])) if found else None


def _seconds(request: web.Request) -> int | None:
    """How long to wait; None where that can't be read."""
    written = request.query.get("wait", "0")
    return min(int(written), MOST_SECONDS) if _WHOLE_SECONDS.fullmatch(written) else None


def _no_wait() -> web.Response:
    return error(400, "wait takes whole seconds, at most 60")


def _is_the_same(event: InboundMessage | ButtonPress, found: AnswerTo) -> bool:
    """Whether an event that came is the one that is known by its id, and not another's who has its answer."""
    if event.sender.key != found.sender:
        return False
    # times differ when it is sent once more, and with them nothing that was said
    return found.event is None or _said(event) == _said(found.event)


def _said(event: InboundMessage | ButtonPress) -> dict[str, Any]:
    return event.model_dump(exclude={"sent_at"})


def _answered(platform: AnyPlatform, event_id: str, found: AnswerTo) -> web.Response:
    where = f"/webhook/{platform.name}/{quote(event_id)}?sender={quote(found.sender, safe='')}"
    body = {
        "id": event_id,
        "url": where,
        "state": "paused" if found.waits_for_people and found.state == "done" else _STATES[found.state],
        "outcome": found.outcome,
        "settled": found.is_settled,
        "parts": [_part(platform, part) for part in found.parts],
    }
    return web.json_response(body, status=200 if found.is_over else 202, headers={"Location": where})


def _part(platform: AnyPlatform, part: PartOfAnswer) -> dict[str, Any]:
    told: dict[str, Any] = {"id": part.part_id, "state": str(part.state), "created_at": part.created_at.isoformat()}
    if part.answers and not part.answers.startswith(OWN_EVENTS):
        told["answers"] = part.answers
    if part.gate:
        told |= {"held_by": part.gate, "reason": part.reason}
    # what a gate holds, or may still hold, is nobody's to see
    if part.has_passed and part.part is not None and isinstance(platform, Asked):
        told |= platform.as_json(part.part)
    return told
