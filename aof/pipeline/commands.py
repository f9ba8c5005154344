"""Slash commands: which one was typed, and who answers it."""

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from aof.agents.base import OffersTopics
from aof.agents.unavailable import Unavailable
from aof.domain.message import InboundMessage
from aof.domain.response import Response, Status
from aof.pipeline.approve import OFF, Deciding
from aof.pipeline.contexts import Contexts
from aof.pipeline.menus import CHOOSE_AGENT, CHOOSE_CONTEXT, MENUS, Asked, Menus
from aof.pipeline.operate import Operating
from aof.pipeline.route import BUILTIN, Binding, Router
from aof.pipeline.said import Effects, Said
from aof.texts import approvals, chat, opportunities
from aof.texts import menus as texts

ALIASES = {
    **dict.fromkeys(("help", "h", "مساعدة", "المساعدة"), "help"),
    **dict.fromkeys(("agents", "الوكلاء"), "agents"),
    **dict.fromkeys(("context", "contexts", "ctx", "السياق"), "context"),
    **dict.fromkeys(("agent", "وكيل", "الوكيل"), "agent"),
    **dict.fromkeys(("status", "check", "حالة", "الحالة"), "status"),
    **dict.fromkeys(("info", "معلومات"), "info"),
    **dict.fromkeys(("start", "ابدأ"), "start"),
    **dict.fromkeys(("run", "execute", "شغل", "شغّل"), "run"),
    **dict.fromkeys(("reset", "forget", "انس", "انسَ"), "reset"),
    **dict.fromkeys(("approvals", "الموافقات"), "approvals"),
    **dict.fromkeys(("opportunities", "الفرص"), "opportunities"),
    **dict.fromkeys(("killswitch", "مفتاح-الإيقاف"), "killswitch"),
    **dict.fromkeys(("cancel", "stop", "abort", "إلغاء", "الغاء", "توقف", "إيقاف"), "cancel"),
}
"""What may be typed after the slash, and the command it means."""

RUN_TARGETS = frozenset({"agent", "agents", "ag", "وكيل", "الوكيل"})

GREETINGS = frozenset(
    (
        "hi",
        "hello",
        "hey",
        "hola",
        "howdy",
        "start",
        "مرحبا",
        "أهلا",
        "اهلا",
        "سلام",
        "السلام عليكم",
    )
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound agent answers, with what stood behind the command."""

    binding: Binding
    text: str
    reason: str
    """For the log."""


def command_of(text: str) -> str | None:
    """The first word of a slash command, lower-case and without its slash; None for anything else."""
    words = text.split(maxsplit=1)
    if not words or not words[0].startswith("/") or len(words[0]) < 2:
        return None
    return words[0][1:].casefold()


def behind_command(text: str) -> str:
    """What was typed after the command, unchanged."""
    pieces = text.lstrip().split(maxsplit=1)
    return pieces[1] if len(pieces) > 1 else ""


def stops_run(message: InboundMessage, router: Router) -> bool:
    """Whether a message stops a run; looked at before it waits its turn behind that run. A bound command stops none."""
    typed = command_of(message.text) or ""
    if ALIASES.get(typed) != "cancel":
        return False
    trigger = router.trigger_of(message)
    bound = trigger.commands.get(typed) if trigger else None
    return trigger is not None and (bound is None or bound.agent == BUILTIN)


def is_greeting(message: InboundMessage) -> bool:
    """Nothing at all, or a word of hello and nothing else."""
    return message.text.strip().strip("!.؟? ").casefold() in GREETINGS | {""}


@dataclass(frozen=True, slots=True)
class Commands:
    """Understands what begins with a slash. `None` leaves the text to the agent."""

    menus: Menus
    deciding: Deciding
    contexts: Contexts
    operating: Operating | None = None

    async def answer(self, message: InboundMessage, asked: Asked) -> Said | Bound | None:
        """The trigger's binding, else the daemon's command, else the agent's own topic, else the trigger's default."""
        typed = command_of(message.text)
        if typed is None:
            return None
        rest = behind_command(message.text)
        trigger = asked.trigger
        binding = trigger.commands.get(typed)
        if binding is not None and binding.agent != BUILTIN:
            return Bound(binding, rest or f"/{typed}", f"command of trigger {trigger.name}")
        word = ALIASES.get(typed)
        if word == "opportunities" and self.operating is None:
            word = None
        if word == "run":
            return self._run(rest, asked)
        if word is not None:
            return await self._builtin(word, rest.strip(), message, asked)
        own = _own(asked)
        if typed in own:
            return None
        if trigger.default_command is not None:
            return Bound(trigger.default_command, message.text, f"command of trigger {trigger.name}")
        suggestion = _nearest(typed, [*trigger.commands, *sorted(set(ALIASES.values())), *own])
        text = chat.unknown_command(asked.language, f"/{typed[:40]}", suggestion)
        return Said(Response(text=text, status=Status.NOTE))

    def starts_agent(self, message: InboundMessage, asked: Asked) -> bool:
        """Whether an agent answers what begins with a slash."""
        typed = command_of(message.text)
        if typed is None or self._is_bound(typed, asked):
            return True
        word = ALIASES.get(typed)
        if word is not None:
            return word == "run"
        return typed in _own(asked) or asked.trigger.default_command is not None

    def lifts(self, message: InboundMessage, asked: Asked) -> bool:
        """Whether a command lets happen again what was stopped."""
        typed = command_of(message.text)
        if typed is None or self._is_bound(typed, asked) or ALIASES.get(typed) != "killswitch":
            return False
        return behind_command(message.text).strip().casefold() in OFF

    def _is_bound(self, typed: str, asked: Asked) -> bool:
        binding = asked.trigger.commands.get(typed)
        return binding is not None and binding.agent != BUILTIN

    async def menu(self, action_id: str, asked: Asked) -> Said | None:
        """What a tap on a menu of the daemon does; None where this version has no such menu."""
        if action_id.startswith(CHOOSE_AGENT):
            name = action_id.removeprefix(CHOOSE_AGENT)
            if name not in self.menus.agents:
                return Said(Response(text=texts.agent_gone(asked.language, name), status=Status.NOTE))
            return self._choose(name, asked)
        if action_id.startswith(CHOOSE_CONTEXT):
            return self._choose_context(action_id.removeprefix(CHOOSE_CONTEXT), asked)
        word = next((word for word, known in MENUS.items() if known == action_id), None)
        if word == "topics":
            return Said(self.menus.topics(asked))
        return await self._page(word, asked) if word else None

    async def _builtin(self, word: str, rest: str, message: InboundMessage, asked: Asked) -> Said:
        match word:
            case "start":
                return Said(self.menus.greeting(asked))
            case "cancel":
                return await self._cancel(message, asked)
            case "reset":
                return Said(Response(text=texts.forgotten(asked.language), status=Status.OK), Effects(forgets=True))
            case "opportunities" if self.operating is not None:
                return Said(await self.operating.brief(asked.lease, asked.language))
            case "approvals":
                return await self.deciding.listing(asked.lease, asked.language)
            case "killswitch":
                return await self.deciding.killswitch(asked.lease, rest, asked.language)
            case "context" if rest and self.contexts.known:
                return self._choose_context(rest, asked)
            case "agent" | "agents" | "context" if rest:
                return self._agent(rest, asked)
            case _:
                return await self._page(word, asked)

    async def _cancel(self, message: InboundMessage, asked: Asked) -> Said:
        """What ran was stopped when the command came in; what waits for people is withdrawn here."""
        stopped = self.menus.runs.stopped_by(message)
        withdrawn = await self.deciding.withdraw(asked.lease)
        if stopped is not None:
            return Said(Response(text=chat.cancelled(asked.language, stopped), status=Status.OK))
        if withdrawn:
            return Said(Response(text=approvals.withdrawn(asked.language, withdrawn), status=Status.OK))
        return Said(Response(text=chat.nothing_to_cancel(asked.language), status=Status.NOTE))

    def _agent(self, rest: str, asked: Asked) -> Said:
        first, *more = rest.split(maxsplit=1)
        is_about = first.casefold() == "info"
        wanted = (more[0] if more else asked.agent.name) if is_about else rest
        name = next((name for name in self.menus.agents if name.casefold() == wanted.casefold()), None)
        if name is None:
            return Said(self.menus.no_such_agent(asked, wanted))
        if is_about:
            return Said(self.menus.about_agent(asked, name))
        return self._choose(name, asked)

    async def _page(self, word: str, asked: Asked) -> Said:
        match word:
            case "help":
                rights = self.deciding.rights(asked.lease, asked.language)
                if self.operating is not None and self.operating.is_operator(asked.lease):
                    rights = f"{rights}\n{opportunities.command_about(asked.language)}"
                return Said(self.menus.help(asked, rights))
            case "info":
                return Said(await self.menus.info(asked))
            case "status":
                budgets = await self.deciding.budgets(asked.lease, asked.agent, asked.language)
                return Said(await self.menus.status(asked, budgets))
            case "context" if self.contexts.known:
                return Said(self.menus.contexts_menu(asked, self.contexts))
            case _:
                return Said(self.menus.agents_menu(asked))

    def _choose(self, name: str, asked: Asked) -> Said:
        agent = self.menus.agents[name]
        if isinstance(agent, Unavailable):
            text = texts.agent_not_chosen(
                asked.language, name, reason=agent.why(asked.language), current=asked.agent.name
            )
            return Said(Response(text=text, status=Status.NOTE))
        text = texts.agent_chosen(asked.language, name)
        return Said(Response(text=text, status=Status.OK), Effects(choose=name))

    def _choose_context(self, wanted: str, asked: Asked) -> Said:
        name = next((name for name in self.contexts.known if name.casefold() == wanted.strip().casefold()), None)
        if name is None:
            return Said(self.menus.no_such_context(asked, wanted, self.contexts))
        place = self.contexts.known[name]
        text = texts.context_chosen(asked.language, place.title)
        return Said(Response(text=text, status=Status.OK), Effects(choose_context=name))

    def _run(self, rest: str, asked: Asked) -> Said | Bound:
        """One question to an agent that is not switched to."""
        words = rest.split(maxsplit=2)
        if len(words) < 3 or words[0].casefold() not in RUN_TARGETS:
            return Said(Response(text=texts.run_usage(asked.language), status=Status.NOTE))
        name = next((name for name in self.menus.agents if name.casefold() == words[1].casefold()), None)
        if name is None:
            return Said(self.menus.no_such_agent(asked, words[1]))
        return Bound(Binding(name), words[2], "/run")


def _own(asked: Asked) -> set[str]:
    """What the current agent can be asked by a command."""
    topics = asked.agent.topics(asked.language) if isinstance(asked.agent, OffersTopics) else ()
    return {topic.id.partition(":")[2] for topic in topics}


def _nearest(typed: str, known: list[str]) -> str | None:
    found = process.extractOne(typed, known, scorer=fuzz.ratio, score_cutoff=60)
    return f"/{found[0]}" if found else None
