"""From a leased event to a finished turn: admitted, understood, answered, rendered, written in one transaction."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from time import monotonic

from aof.clock import Clock
from aof.domain.errors import LeaseLost, StoreBusy
from aof.domain.message import ButtonPress
from aof.domain.response import Response, Status, choices_of
from aof.formatting.documents import folded, shortened, with_document
from aof.formatting.render import Rendered
from aof.logs import fingerprint, get
from aof.metrics import Metrics
from aof.pipeline.consult import LONG_TEXT
from aof.pipeline.notes import Notes
from aof.pipeline.progress import Progress
from aof.pipeline.runs import Run, Runs
from aof.pipeline.said import AgentBroken, Answer
from aof.pipeline.speak import Speaker
from aof.pipeline.typing import typing_shown
from aof.pipeline.wait import Bell, within
from aof.platforms.base import AnyPlatform, render_for
from aof.store.base import EventLease, OutgoingPart, Store, TurnResult
from aof.texts import chat
from aof.texts.language import Language
from aof.texts.rendering import cut_short

log = get(__name__)

MOST_ATTEMPTS = 3
"""A turn that failed, or died with the daemon, this often is buried with a word to its sender."""
LEASE = timedelta(seconds=30)
MOST_TEXT = 60_000
"""Characters of one answer on a platform that takes no files."""
NUMBERS_HOLD = timedelta(minutes=30)
"""How long a bare number answers a numbered message."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`spec.runtime`: what may run."""

    max_concurrent_tasks: int = 10
    max_tasks_per_user: int = 3
    task_timeout_secs: float = 300


class Answerer:
    """Takes events from the inbox, in order within a conversation and parallel across conversations."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        speaker: Speaker,
        platforms: Mapping[str, AnyPlatform],
        *,
        runs: Runs,
        events: Bell,
        parts: Bell,
        questions: Bell,
        limits: Limits,
        progress: Progress,
        log_key: str,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._clock = clock
        self._speaker = speaker
        self._platforms = platforms
        self._runs = runs
        self._events = events
        self._parts = parts
        self._questions = questions
        self._limits = limits
        self._log_key = log_key
        self._metrics = metrics
        self._notes = Notes(store, clock, parts)
        self._progress = progress
        self._stopping = False

    async def run(self) -> None:
        """Answer until `stop`; what is under way then goes on."""
        while not self._stopping:
            free = self._limits.max_concurrent_tasks - len(self._runs)
            next_at = None
            if free > 0:
                try:
                    found = await self._store.lease_events(
                        now=self._clock.now(),
                        lease_for=LEASE,
                        most=free,
                        per_person=self._limits.max_tasks_per_user,
                        holding=self._runs.conversations(),
                    )
                except StoreBusy as error:
                    log.warning("store_refused", during="lease_events", reason=str(error))
                else:
                    next_at = found.next_at
                    for lease in found.leases:
                        self._begin(lease)
                    if found.leases:
                        continue
            await self._events.wait(next_at)

    async def stop(self, grace_seconds: float) -> int:
        """Take nothing new, let what runs finish, return the rest to the inbox; return how many were returned."""
        self._stopping = True
        self._events.ring()
        running = self._runs.tasks()
        if running:
            await asyncio.wait(running, timeout=grace_seconds)
        left = self._runs.tasks()
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await self._progress.drain(grace_seconds)
        return len(left)

    def _begin(self, lease: EventLease) -> None:
        task = asyncio.create_task(self._turn(lease), name=f"turn-{lease.seq}")
        run = Run(lease, task, self._clock.now())
        self._runs.begin(run)
        task.add_done_callback(lambda _: self._end(run))

    def _end(self, run: Run) -> None:
        self._runs.end(run)
        self._events.ring()
        if not run.task.cancelled() and (error := run.task.exception()) is not None:
            log.error("turn_broken", seq=run.lease.seq, exc_info=error)

    async def _turn(self, lease: EventLease) -> None:
        began = monotonic()
        kept = asyncio.create_task(self._keep(lease, asyncio.current_task()))
        try:
            answer = await self._answer(lease)
        except asyncio.CancelledError:
            answer = self._interrupted(lease)
        finally:
            kept.cancel()
        if (run := self._runs.of(lease)) is not None:
            # a stop from here on would leave the turn unwritten, and it would run once more
            run.answered = True
        result = await self._result(lease, answer)
        if not await self._finish(lease, result):
            return
        seconds, waited = monotonic() - began, (self._clock.now() - lease.received_at).total_seconds()
        self._count(answer, seconds, waited)
        log.info(
            "event_answered",
            outcome=result.outcome,
            platform=lease.event.platform,
            conversation=fingerprint(lease.conversation, self._log_key),
            kind=lease.event.kind,
            agent=answer.agent,
            route=answer.route,
            attempt=lease.attempt,
            waited_seconds=round(waited, 3),
            seconds=round(seconds, 3),
            parts=len(result.parts),
            **({"error": answer.error} if answer.error else {}),
        )

    def _count(self, answer: Answer, seconds: float, waited: float) -> None:
        metrics = self._metrics
        metrics.answered.labels(answer.outcome).inc()
        if answer.state != "new":
            metrics.waited.observe(waited)
        if answer.agent:
            metrics.executions.labels(answer.agent).inc()
            metrics.execution.observe(seconds)
        if answer.agent and answer.error:
            metrics.agent_errors.labels(answer.agent).inc()

    async def _answer(self, lease: EventLease) -> Answer:
        language = self._speaker.language(lease)
        platform = self._platforms.get(lease.event.account)
        if platform is None:
            return Answer("refused", error="its account is not configured any more")
        try:
            if (consented := await self._speaker.about_consent(lease)) is not None:
                return consented
            if not self._speaker.admits(lease):
                return await self._speaker.to_a_stranger(lease)
        except StoreBusy as error:
            return _again(lease, str(error), language)
        if lease.attempt > MOST_ATTEMPTS:
            return Answer.sentence("buried", chat.could_not_answer(language), language, state="dead")
        most_seconds = self._limits.task_timeout_secs
        say_now = partial(self._notes.say, lease, platform, "response", language=language)
        try:
            still_admitted = partial(self._still_admitted, lease)
            async with (
                self._progress.while_working(lease, language, still_admitted) as shown,
                typing_shown(platform, lease, self._clock, still_admitted, shows_more=lambda: shown.is_shown),
                self._notes.while_working(lease, platform, language, shows_more=lambda: shown.is_shown),
            ):
                return await within(self._clock, most_seconds, self._speaker.answer(lease, say_now))
        except TimeoutError:
            return Answer.sentence("timed_out", chat.took_too_long(language, most_seconds), language)
        except StoreBusy as error:
            return _again(lease, str(error), language)
        except Exception as error:  # whatever an agent raises ends its own turn, not the daemon
            agent = error.agent if isinstance(error, AgentBroken) else ""
            name = type(error.__cause__ or error).__name__
            log.exception("agent_broken", seq=lease.seq, attempt=lease.attempt, agent=agent)
            if lease.attempt < MOST_ATTEMPTS:
                return replace(_again(lease, name, language), agent=agent)
            buried = Answer.sentence("buried", chat.could_not_answer(language), language, state="dead", error=name)
            return replace(buried, agent=agent)

    def _interrupted(self, lease: EventLease) -> Answer:
        """The run was cancelled: by its starter, by a lost lease, or because the daemon stops."""
        run = self._runs.of(lease)
        if run is not None and run.cancelled_by is not None:
            return Answer("cancelled")
        if run is not None and run.refused:
            return Answer("refused")
        return Answer("returned", state="new", attempted=False)

    async def _result(self, lease: EventLease, answer: Answer) -> TurnResult:
        platform = self._platforms.get(lease.event.account)
        parts: tuple[OutgoingPart, ...] = ()
        if answer.response is not None and platform is not None:
            rendered = await _rendered(answer, answer.response, platform)
            quoted = lease.event.event_id if lease.event.group or platform.quotes else None
            parts = tuple(
                OutgoingPart(
                    part,
                    reply_to=quoted if n == 0 or platform.quotes else None,
                    rest=rendered.rest if offers_more else None,
                    more=rendered.more.id if rendered.more and offers_more else None,
                )
                for n, part in enumerate(rendered.parts)
                for offers_more in (rendered.more in choices_of(part),)
            )
        return TurnResult(
            state=answer.state,
            outcome=answer.outcome,
            parts=parts,
            cause=answer.cause,
            about=answer.about,
            asked=lease.event.title if isinstance(lease.event, ButtonPress) else lease.event.text,
            answered=answer.response.text if answer.response else "",
            language=answer.language,
            agent=answer.agent,
            error=answer.error,
            again_in=answer.again_in,
            attempted=answer.attempted,
            choices_until=self._clock.now() + NUMBERS_HOLD,
            choose=answer.effects.choose,
            choose_context=answer.effects.choose_context,
            pause=answer.effects.pause,
            resumes=answer.effects.resumes,
            elsewhere=answer.effects.elsewhere,
            expects=answer.effects.expects,
            remembered=answer.effects.remembered,
            forgets=answer.effects.forgets,
            moves=answer.effects.moves,
            behind=answer.effects.behind,
            facts=answer.effects.facts,
            offered_by=answer.offered_by,
            until=answer.until,
            is_strangers=answer.is_strangers,
        )

    async def _finish(self, lease: EventLease, result: TurnResult) -> bool:
        """Write the turn; False where the lease is lost or the store stays busy: the event comes back by itself."""
        # a turn that is only given back comes back by itself when its lease lapses
        waits_seconds: tuple[float | None, ...] = (0.2, 1.0, 3.0, None) if result.attempted else (None,)
        for wait_seconds in waits_seconds:
            try:
                await self._store.finish(lease, result, now=self._clock.now())
            except LeaseLost:
                log.warning("lease_lost", seq=lease.seq, outcome=result.outcome)
                return False
            except StoreBusy as error:
                log.warning("store_refused", during="finish", seq=lease.seq, reason=str(error))
                if wait_seconds is None:
                    return False
                await self._clock.sleep(wait_seconds)
            else:
                break
        if result.parts or result.elsewhere or result.pause:
            self._parts.ring()
        if result.pause:
            self._questions.ring()
        return True

    async def _keep(self, lease: EventLease, turn: asyncio.Task[object] | None) -> None:
        """Extend the lease while the turn runs. A lost one ends the turn, and so does who was sent away meanwhile."""
        while True:
            await self._clock.sleep(LEASE.total_seconds() / 3)
            with suppress(StoreBusy):
                try:
                    await self._store.extend(lease, now=self._clock.now(), lease_for=LEASE)
                except LeaseLost:
                    lost = True
                else:
                    lost = False
                if lost or not await self._still_admitted(lease):
                    if (run := self._runs.of(lease)) is not None:
                        run.refused = not lost
                    if turn is not None:
                        turn.cancel()
                    return

    async def _still_admitted(self, lease: EventLease) -> bool:
        standing = await self._store.standing(lease.event.account, lease.event.sender)
        return self._speaker.admits(lease, standing)


async def _rendered(answer: Answer, response: Response, platform: AnyPlatform) -> Rendered:
    language = answer.language or Language.ENGLISH
    # a long text takes longer than the event loop may stand still
    is_long = len(response.text) > LONG_TEXT or bool(response.documents)
    rendering = partial(_shown, response, platform, language, is_rest=answer.route == "more")
    rendered = await asyncio.to_thread(rendering) if is_long else rendering()
    if rendered.parts:
        return rendered
    empty = Response(text=chat.nothing_to_show(language), status=Status.NOTE)
    return render_for(platform, empty, language)


def _shown(response: Response, platform: AnyPlatform, language: Language, *, is_rest: bool) -> Rendered:
    """A response as a platform shows it; `is_rest` of one whose beginning stands in the chat already."""
    if platform.limits.document is not None:
        response = response if is_rest else with_document(response, platform.markup, language)
        documents = tuple(shortened(document, language) for document in response.documents)
        response = response.model_copy(update={"documents": documents})
    else:
        response = folded(response)
        if len(response.text) > MOST_TEXT:
            text = f"{response.text[:MOST_TEXT]}\n\n{cut_short(language)}"
            response = response.model_copy(update={"text": text})
    return render_for(platform, response, language, long_text=platform.long_text)


def _again(lease: EventLease, error: str, language: Language) -> Answer:
    wait = timedelta(seconds=2.0 ** min(lease.attempt, 6))
    return Answer("deferred", state="new", again_in=wait, error=error, language=language)
