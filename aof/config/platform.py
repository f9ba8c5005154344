"""What every platform of `spec.platforms` may be told."""

from typing import Annotated, ClassVar

from pydantic import Field

from aof.config.approver import ApproverText
from aof.config.model import Absent, StrictModel


class PlatformSafety(StrictModel):
    """What may be done from this platform."""

    read_only: bool = True
    """True: only what looks may run. False: what changes or removes may run once it is approved."""


class PlatformConfig(StrictModel):
    """One platform, whichever it is."""

    lets_in: ClassVar[frozenset[str]] = frozenset({"approval_allowed_users"})

    enabled: bool = True
    """False: neither listened to nor sent from."""

    approval_allowed_users: Annotated[
        tuple[ApproverText, ...] | None,
        Absent("spec.approval.allowed_users says who"),
        Field(examples=[["@on-call"]]),
    ] = None
    """Who may approve here, in place of `spec.approval.allowed_users`. An empty list is nobody."""

    safety: PlatformSafety = PlatformSafety.model_construct()
    """What may be done from this platform."""
