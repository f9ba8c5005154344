"""The menus of the daemon itself: what can be asked, who answers, how it is doing. They ask no agent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz, process

from aof import __version__
from aof.agents.base import Agent, AsksModel, Describes, Introduces, OffersTopics
from aof.agents.unavailable import Unavailable
from aof.domain.delivery import OPEN_PARTS
from aof.domain.response import Action, Response, Status
from aof.pipeline.contexts import Contexts
from aof.pipeline.route import BUILTIN, Trigger
from aof.pipeline.runs import Runs, question
from aof.store.base import OPEN_EVENTS, EventLease, Store
from aof.texts import menus as texts
from aof.texts.language import Language
from aof.texts.machine_words import span

CHOOSE_CONTEXT = "ctx_"
"""With a name behind it: the action that chooses where tools work."""
CHOOSE_AGENT = "menu:agent:"
"""With a name behind it: the action that chooses who answers."""

BUILT_IN = (
    "help", "agents", "agent", "context", "run", "approvals", "status", "info", "cancel", "reset", "killswitch"
)  # fmt: skip
"""The daemon's own commands, as /help lists them."""

MENUS = {"help": "menu:help", "agents": "menu:agents", "info": "menu:info", "topics": "menu:topics"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A menu is asked for: by whom, where, and what is current there."""

    lease: EventLease
    trigger: Trigger
    agent: Agent
    """Who answers free text here."""
    language: Language
    now: datetime


@dataclass(frozen=True, slots=True)
class Menus:
    """Makes the responses."""

    store: Store
    runs: Runs
    agents: Mapping[str, Agent]
    platforms: Sequence[str]
    started_at: datetime

    def greeting(self, asked: Asked) -> Response:
        """Who I am, and where to go from here."""
        agent, language = asked.agent, asked.language
        words = agent.introduction(language) if isinstance(agent, Introduces) else texts.hello(language)
        return Response(
            text=texts.greeting(language, agent=agent.name, introduction=words),
            actions=(*self._doors(asked), Action(id=MENUS["help"], title=texts.help_title(language))),
        )

    def help(self, asked: Asked, rights: str) -> Response:
        """The trigger's own commands, then the daemon's; what is typed to ask, what the asker may have done, and doors
        to the other menus."""
        language, bound = asked.language, asked.trigger.commands
        topics = [(f"/{_word(topic)}", topic.title) for topic in _topics(asked.agent, language)]
        own = [
            (f"/{word}", binding.description or said_of(word, binding.agent, language))
            for word, binding in bound.items()
        ]
        builtin = [(f"/{word}", texts.command_about(language, word)) for word in BUILT_IN if word not in bound]
        text = texts.help_text(language, agent=asked.agent.name, topics=topics, commands=[*own, *builtin])
        info = Action(id=MENUS["info"], title=texts.info_title(language))
        return Response(text=f"{text}\n\n{rights}", actions=(*self._doors(asked), info))

    def topics(self, asked: Asked) -> Response:
        """What the current agent can be asked; pressing one asks it."""
        topics = _topics(asked.agent, asked.language)
        if not topics:
            return Response(text=texts.no_topics(asked.language, asked.agent.name), status=Status.NOTE)
        return Response(text=texts.topics_heading(asked.language, asked.agent.name), actions=topics)

    def agents_menu(self, asked: Asked) -> Response:
        """All agents, the current one marked; pressing another one switches."""
        language = asked.language
        lines = [texts.agents_heading(language, len(self.agents)), ""]
        actions = []
        for name, agent in sorted(self.agents.items()):
            is_current = name == asked.agent.name
            about = agent.describe(language) if isinstance(agent, Describes) else ""
            reason = agent.why(language) if isinstance(agent, Unavailable) else ""
            lines.append(texts.agent_line(language, name=name, about=about, is_current=is_current, unavailable=reason))
            if not is_current and not reason:
                actions.append(Action(id=f"{CHOOSE_AGENT}{name}", title=name))
        return Response(text="\n".join(lines), actions=tuple(actions))

    def contexts_menu(self, asked: Asked, contexts: Contexts) -> Response:
        """All contexts, the current one marked; pressing another one switches."""
        language, current = asked.language, contexts.of(asked.lease)
        lines = [texts.contexts_heading(language, len(contexts.known)), ""]
        actions = []
        for name, place in sorted(contexts.known.items()):
            is_current = current is not None and current.name == name
            lines.append(
                texts.agent_line(
                    language, name=place.title, about=place.description, is_current=is_current, unavailable=""
                )
            )
            if not is_current:
                actions.append(Action(id=f"{CHOOSE_CONTEXT}{name}", title=place.title, description=place.description))
        return Response(text="\n".join(lines), actions=tuple(actions))

    def no_such_context(self, asked: Asked, name: str, contexts: Contexts) -> Response:
        found = process.extractOne(name, sorted(contexts.known), scorer=fuzz.WRatio, score_cutoff=60)
        return Response(
            text=texts.no_such_context(asked.language, name, found[0] if found else None),
            status=Status.NOTE,
            actions=tuple(
                Action(id=f"{CHOOSE_CONTEXT}{name}", title=place.title)
                for name, place in sorted(contexts.known.items())
            ),
        )

    def about_agent(self, asked: Asked, name: str) -> Response:
        """One agent in full."""
        agent, language = self.agents[name], asked.language
        text = texts.agent_about(
            language,
            name=agent.name,
            is_current=name == asked.agent.name,
            about=agent.describe(language) if isinstance(agent, Describes) else "",
            model=agent.model if isinstance(agent, Unavailable | AsksModel) else "",
            missing=sorted(agent.missing()) if isinstance(agent, AsksModel) else (),
            topics=[topic.title for topic in _topics(agent, language)],
            unavailable=agent.why(language) if isinstance(agent, Unavailable) else "",
        )
        return Response(text=text, actions=self._doors(asked))

    def no_such_agent(self, asked: Asked, name: str) -> Response:
        found = process.extractOne(name, sorted(self.agents), scorer=fuzz.WRatio, score_cutoff=60)
        text = texts.no_such_agent(asked.language, name, found[0] if found else None)
        return Response(text=text, status=Status.NOTE, actions=self._doors(asked))

    async def info(self, asked: Asked) -> Response:
        counts = await self.store.counts()
        running = counts.events.get("running", 0) - 1  # this command is one of them
        text = texts.info(
            asked.language,
            version=__version__,
            uptime=span(asked.language, asked.now - self.started_at),
            platforms=self.platforms,
            agents=len(self.agents),
            running=max(0, running),
            waiting=counts.events.get("new", 0),
        )
        return Response(text=text, actions=self._doors(asked))

    async def status(self, asked: Asked, budgets: Sequence[str]) -> Response:
        """Across all chats in figures; of runs only the asker's own are named.

        Args:
            budgets: Lines on how much of them is gone.
        """
        counts = await self.store.counts()
        waiting = sum(counts.events.get(state, 0) for state in OPEN_EVENTS) - 1
        text = texts.status(
            asked.language,
            version=__version__,
            uptime=span(asked.language, asked.now - self.started_at),
            waiting=max(0, waiting),
            sending=sum(counts.parts.get(state, 0) for state in OPEN_PARTS),
            held=counts.parts.get("held", 0),
            parked=counts.events.get("parked", 0) - counts.held_back,
            held_back=counts.held_back,
            own=[
                (question(run.lease.event), (asked.now - run.began_at).total_seconds())
                for run in self.runs.of_sender(asked.lease.event)
                if run.lease.seq != asked.lease.seq
            ],
        )
        return Response(text="\n".join([text, *budgets]), status=Status.OK)

    def _doors(self, asked: Asked) -> tuple[Action, ...]:
        agents = Action(id=MENUS["agents"], title=texts.agents_title(asked.language))
        if not _topics(asked.agent, asked.language):
            return (agents,)
        return (Action(id=MENUS["topics"], title=texts.topics_title(asked.language)), agents)


def _topics(agent: Agent, language: Language) -> tuple[Action, ...]:
    return agent.topics(language) if isinstance(agent, OffersTopics) else ()


def _word(topic: Action) -> str:
    return topic.id.partition(":")[2]


def said_of(word: str, agent: str, language: Language) -> str:
    """What a command does that nobody has described."""
    if agent != BUILTIN:
        return agent
    return texts.command_about(language, word)
