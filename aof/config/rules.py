"""`spec.rules`: what single people, roles, tools and classes are let do, beside what their platform is let do."""

from typing import Annotated, Literal

from pydantic import Field

from aof.config.envelope import Name
from aof.config.model import Absent, StrictModel
from aof.config.patterns import StrictText
from aof.config.people import Role
from aof.domain.risk import Risk


class RuleConfig(StrictModel):
    """One rule. The first one that fits a call decides about it; a key that is left out fits everything."""

    name: Annotated[Name, Field(examples=["leads-restart"])]
    """What the audit trail calls it."""
    then: Annotated[Literal["run", "ask", "refuse"], Field(examples=["ask"])]
    """What is done with a call that it fits: run at once, ask for approval, or refuse."""
    roles: Annotated[tuple[Role, ...] | None, Absent("every role"), Field(examples=[["on-call"]])] = None
    """Roles of whoever asks; one of them is enough."""
    people: Annotated[tuple[StrictText, ...] | None, Absent("everybody"), Field(examples=[["Amina"]])] = None
    """Names of spec.people."""
    tools: Annotated[tuple[StrictText, ...] | None, Absent("every tool"), Field(examples=[["kubectl"]])] = None
    """Tools by name."""
    classes: Annotated[tuple[Risk, ...] | None, Absent("every class"), Field(examples=[["write"]])] = None
    """Classes of calls: read, sensitive, write, delete, dangerous."""
    contexts: Annotated[tuple[Name, ...] | None, Absent("every context"), Field(examples=[["staging"]])] = None
    """Contexts by name."""
