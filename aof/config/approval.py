"""`spec.approval`: who may let a change happen, and how long a question waits for them."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from aof.config.approver import ApproverText
from aof.config.model import Absent, StrictModel
from aof.config.patterns import StrictText
from aof.domain.risk import Risk

MOST_APPROVERS = 20
LONGEST_WAIT_MINUTES = 7 * 1440
"""Seven days."""


def classes_of(allowed: bool | tuple[Risk, ...]) -> frozenset[Risk]:  # noqa: FBT001 -- as a file says it
    """The classes of calls that who asks may approve too."""
    if isinstance(allowed, bool):
        return frozenset(Risk) if allowed else frozenset()
    return frozenset(allowed)


class ApprovalConfig(StrictModel):
    """Who may let a change happen, and how long a question waits for them."""

    lets_in: ClassVar[frozenset[str]] = frozenset({"allowed_users"})

    allowed_users: Annotated[
        tuple[ApproverText, ...] | None,
        Absent("nobody, where neither a platform nor a context says who"),
        Field(examples=[["@on-call"]]),
    ] = None
    """Who may approve, by `@role`, a person's name, number or id (`telegram:55501`). An empty list is nobody."""
    ask_in_order: bool = False
    """Whether they are asked one entry of the list after another, the last at two thirds of the time; else at once."""
    timeout_minutes: int = Field(default=30, ge=1, le=LONGEST_WAIT_MINUTES)
    """Minutes until a question that nobody decides lapses."""
    require_for: tuple[StrictText, ...] = ()
    """Globs of commands that need approval whatever else allows them, such as `helm uninstall *`."""
    allow_self_approval: bool | tuple[Risk, ...] = False
    """Whether who asks may approve too; a list says for which classes."""
    min_approvers: int = Field(default=1, ge=1, le=MOST_APPROVERS)
    """Different people who have to approve."""
    while_paused: Literal["side_run", "queue"] = "side_run"
    """What becomes of a message while a question waits: it is answered beside it by looking only, or waits with it."""

    @property
    def self_approval(self) -> frozenset[Risk]:
        """The classes of calls that who asks may approve too."""
        return classes_of(self.allow_self_approval)
