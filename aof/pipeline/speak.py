"""What is said to one event: who may ask, what was meant, who answers, and how it looks on the phone."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from aof.agents.unavailable import Unavailable
from aof.clock import Clock
from aof.domain import pairing
from aof.domain.message import ButtonPress, Decided, InboundMessage, Media
from aof.domain.response import Response, Status
from aof.logs import get
from aof.pipeline.admit import Access
from aof.pipeline.approve import Deciding
from aof.pipeline.attach import Attached, Attaching
from aof.pipeline.commands import Bound, Commands, is_greeting
from aof.pipeline.consult import Consulting
from aof.pipeline.hold import Holding
from aof.pipeline.invite import let_in
from aof.pipeline.late import Late
from aof.pipeline.menus import Asked
from aof.pipeline.operate import Operating
from aof.pipeline.press import (
    LATE_RUN,
    LATE_SKIP,
    WINDOW_SHOW,
    Menu,
    More,
    OnCard,
    OnFlowCard,
    Pressed,
    Resolved,
    Unknown,
    meaning,
)
from aof.pipeline.route import Route, Router, Trigger
from aof.pipeline.said import Answer, Effects, Said
from aof.pipeline.starting import Starting
from aof.store.base import EventLease, Standing, Store
from aof.texts import chat, windows
from aof.texts import consent as texts
from aof.texts.language import Language, named, spoken

log = get(__name__)

SayNow = Callable[[Response], Awaitable[None]]
"""Sends something before the answer is there."""


class Speaker:
    """Turns an event into an answer."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        router: Router,
        commands: Commands,
        access: Mapping[str, Access],
        consulting: Consulting,
        deciding: Deciding,
        attaching: Attaching,
        *,
        language: Language,
        max_age: timedelta = timedelta(),
        most_held_back: int = 0,
        operating: Operating | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._router = router
        self._commands = commands
        self._consulting = consulting
        self._deciding = deciding
        self._attaching = attaching
        self._access = access
        self._language = language
        self._operating = operating
        starting = Starting(clock, commands, consulting, deciding, operating)
        self._late = Late(store, clock, starting, max_age)
        self._holding = Holding(consulting.store, consulting.parties, starting, most_held_back)

    def language(self, lease: EventLease) -> Language:
        """The person's own by the configuration, else what the platform says, else what was spoken now, else what was
        last spoken here, else the daemon's."""
        access = self._access.get(lease.event.account)
        person = access.people.find(lease.event.sender) if access else None
        if person is not None and person.language is not None:
            return person.language
        typed = spoken(lease.event.text) if isinstance(lease.event, InboundMessage) else None
        return named(lease.event.language) or typed or lease.language or self._language

    def admits(self, lease: EventLease, standing: Standing | None = None) -> bool:
        """Whether the sender may talk here, as the lease says or as it stands now."""
        access, event = self._access.get(lease.event.account), lease.event
        if access is None:
            return False
        standing = standing or lease.standing
        return access.admits(event.sender, standing, group=lease.address.group_ids, remembered=lease.address.person)

    async def about_consent(self, lease: EventLease) -> Answer | None:
        """What is said to a word on consent, whoever said it; None to everything else. The word itself was taken as it
        came in.

        Raises:
            StoreBusy: A stranger's code can't be kept now.
        """
        access, event, opted = self._access.get(lease.event.account), lease.event, lease.opted
        if access is None or opted is None or isinstance(event, Decided):
            return None
        language, admitted = self.language(lease), self.admits(lease)
        is_out = opted.state == "out"
        text = texts.opted_out(language) if is_out else texts.opted_in(language)
        taken = Answer("opted_out") if is_out else Answer("opted_in")
        taken = replace(taken, language=language, about="consent", is_strangers=not admitted)
        if not access.may_be_told(event.sender, lease.standing, remembered=lease.address.person):
            return taken
        if not opted.changed and not admitted:
            # who may not talk here is told once
            return taken
        said = replace(taken, response=Response(text=text, status=None if is_out else Status.OK))
        if is_out or not opted.is_first or isinstance(event, ButtonPress):
            return said
        # a first START is a hello, too
        hello = self._hello(lease, event) if admitted else (await self.to_a_stranger(lease)).response
        if hello is None:
            return said
        until = None if admitted else self._clock.now() + pairing.CODE_LASTS
        return replace(said, response=hello.model_copy(update={"text": f"{hello.text}\n\n{text}"}), until=until)

    def _hello(self, lease: EventLease, message: InboundMessage) -> Response | None:
        trigger = self._router.trigger_of(message, lease.address.group_ids)
        is_hello = trigger is not None and is_greeting(message)
        return self._commands.menus.greeting(self._asked(lease, trigger)) if trigger and is_hello else None

    async def to_a_stranger(self, lease: EventLease) -> Answer:
        """A code to be let in by, where this account pairs and neither they nor too many others had one lately; else
        nothing at all. What a contact answers to an operator is kept.

        Raises:
            StoreBusy: The code can't be kept now.
        """
        access, event = self._access.get(lease.event.account), lease.event
        if isinstance(event, Decided):
            # whoever asked was sent away while it waited
            return Answer("refused", effects=Effects(resumes=event.run))
        if access is not None and self._may_ask(access, lease):
            name = await let_in(self._store, lease, self._clock.now())
            if name:
                return self._welcome(lease, name)
        if not event.group and await self._store.was_written_to(lease.conversation):
            # a contact who answers an operator wants no code; operators read it in the conversation
            return Answer("contact_answered")
        refused, now = Answer("refused", is_strangers=True), self._clock.now()
        if access is None:
            return refused
        if not access.opens(lease.address.group_ids):
            # an operator has to know what to list
            log.info("group_not_listed", platform=event.platform, group=lease.address.chat)
        if not self._may_ask(access, lease):
            return refused
        code = pairing.new_code()
        if not await self._store.ask_pairing(lease, code, now=now):
            return refused
        language, minutes = self.language(lease), int(pairing.CODE_LASTS.total_seconds() // 60)
        response = Response(text=chat.stranger(language, pairing.spelled(code), minutes))
        return Answer(
            "code_told",
            response=response,
            language=language,
            cause="system",
            until=now + pairing.CODE_LASTS,
            is_strangers=True,
        )

    def _may_ask(self, access: Access, lease: EventLease) -> bool:
        who, place = lease.event.sender, lease.address
        return access.may_ask(who, lease.standing, group=place.group_ids, remembered=place.person)

    def _welcome(self, lease: EventLease, name: str) -> Answer:
        """To somebody whom an invitation has let in."""
        language, event = self.language(lease), lease.event
        text = chat.let_in(language, name)
        trigger = self._router.trigger_of(event) if isinstance(event, InboundMessage) else None
        if trigger is not None:
            text = f"{text}\n\n{self._commands.menus.greeting(self._asked(lease, trigger)).text}"
        return Answer("let_in", response=Response(text=text, status=Status.OK), language=language)

    async def answer(self, lease: EventLease, say_now: SayNow) -> Answer:
        """The answer to an event whose sender is admitted.

        Raises:
            StoreBusy: What was shown before can't be looked up now.
            AgentBroken: The agent has a fault.
        """
        event, language = lease.event, self.language(lease)
        if isinstance(event, Decided):
            return await self._consulting.go_on(lease, event.run, language)
        if lease.overflow:
            if lease.told_of_overflow:
                return Answer("overflowed")
            return Answer.sentence("overflowed", chat.too_many_waiting(language), language, status=Status.WARNING)
        trigger = self._router.trigger_of(event, lease.address.group_ids)
        if trigger is None:
            return Answer("ignored", error="no trigger takes it")
        meant = await meaning(self._store, lease.conversation, event, self._clock.now())
        meant = None if self._late.was_typed_before(meant, lease) else meant
        if (waits := await self._waits(lease, meant, language)) is not None:
            return waits
        if isinstance(event, ButtonPress):
            return await self._pressed(meant or Unknown(), lease, trigger)
        if meant is not None:
            return await self._pressed(meant, lease, trigger)
        return await self._read(event, lease, trigger, say_now)

    async def _waits(self, lease: EventLease, meant: Resolved | None, language: Language) -> Answer | None:
        """What is said of an event that is not answered now."""
        if self._late.is_late(lease) and (asked := await self._late.answer(lease, meant, language)) is not None:
            return asked
        return await self._holding.answer(lease, meant, language) if self._holding.most else None

    async def _pressed(self, meant: Resolved, lease: EventLease, trigger: Trigger) -> Answer:
        language = self.language(lease)
        match meant:
            case Pressed(press, agent):
                route = self._router.of_choice(trigger, lease.chosen, agent)
                return await self._consulting.ask(press, lease, route, language, press)
            case OnCard(press):
                return await self._deciding.press(lease, press, language)
            case OnFlowCard(press) if self._operating is not None:
                return await self._operating.press(lease, press, language)
            case More(rest, agent):
                return Answer("answered", response=rest, language=language, route="more", offered_by=agent)
            case Menu(action_id) if action_id in {LATE_RUN, LATE_SKIP}:
                return await self._late.decided(lease, action_id, language)
            case Menu(action_id) if action_id == WINDOW_SHOW:
                # what was parked is on its way since the tap came, and is all that it asked for
                return (
                    Answer("opened")
                    if lease.opened
                    else Answer.sentence("answered", windows.nothing_waits(language), language, status=Status.NOTE)
                )
            case Menu(action_id):
                said = await self._commands.menu(action_id, self._asked(lease, trigger))
                return self._said(said, language) if said else _unknown_press(language)
            case OnFlowCard() | Unknown():
                return _unknown_press(language)

    async def _read(self, message: InboundMessage, lease: EventLease, trigger: Trigger, say_now: SayNow) -> Answer:
        language, asked = self.language(lease), self._asked(lease, trigger)
        if (answer := await self._about_a_card(message, lease, language)) is not None:
            return answer
        route = self._consulting.route(lease, trigger)
        if message.media is not None and not message.text.strip():
            return await self._about_a_file(message, message.media, lease, route)
        command = await self._commands.answer(message, asked)
        if isinstance(command, Said):
            return self._said(command, language)
        if command is None and is_greeting(message):
            return Answer(
                "answered", response=self._commands.menus.greeting(asked), language=language, route="greeting"
            )
        if isinstance(command, Bound):
            agent = self._router.agents[command.binding.agent]
            route = Route(agent, command.reason)
            if command.binding.response and not isinstance(agent, Unavailable):
                await say_now(Response(text=command.binding.response))
            message = message.model_copy(update={"text": command.text})
        attached = Attached()
        if message.media is not None:
            attached = await self._attaching.attached(message, message.media, route.agent, language)
        answer = await self._consulting.ask(message, lease, route, language, None, attached.files)
        if attached.sentence and answer.response is not None:
            text = f"{attached.sentence}\n\n{answer.response.text}"
            return replace(answer, response=answer.response.model_copy(update={"text": text}))
        return answer

    async def _about_a_file(self, message: InboundMessage, media: Media, lease: EventLease, route: Route) -> Answer:
        """What is said to a file without a word."""
        language = self.language(lease)
        attached = await self._attaching.attached(message, media, route.agent, language)
        if attached.sentence:
            return Answer.sentence("not_readable", attached.sentence, language, status=Status.NOTE)
        question = message.model_copy(update={"text": chat.about_this(language, media.kind)})
        return await self._consulting.ask(question, lease, route, language, None, attached.files)

    async def _about_a_card(self, message: InboundMessage, lease: EventLease, language: Language) -> Answer | None:
        """What is said about a call that waits, and no command and no question to an agent."""
        if message.text.lstrip().startswith("/"):
            return None
        if self._operating is not None and message.text.strip():
            draft = await self._operating.draft_of(lease, message)
            if draft:
                return await self._operating.rewrite(lease, message, draft, language)
        if lease.expected is not None and lease.expected.kind == "edit" and message.text.strip():
            return await self._deciding.change(lease, message, lease.expected.subject, language)
        return await self._deciding.why(lease, message, language)

    def _asked(self, lease: EventLease, trigger: Trigger) -> Asked:
        agent = self._consulting.route(lease, trigger).agent
        return Asked(lease, trigger, agent, self.language(lease), self._clock.now())

    def _said(self, said: Said, language: Language) -> Answer:
        return Answer("answered", response=said.response, language=language, route="command", effects=said.effects)


def _unknown_press(language: Language) -> Answer:
    return Answer.sentence("unknown_press", chat.unknown_button(language), language, status=Status.NOTE)
