"""What the console is told; no file holds it, `aof chat` does."""

from pydantic import ConfigDict, Field, SkipValidation

from aof.config.platform import PlatformConfig
from aof.platforms.console.seat import Seat


class ConsoleConfig(PlatformConfig):
    """The terminal of `aof chat`."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    seat: SkipValidation[Seat | None] = Field(default=None, exclude=True, repr=False)
    """Who sits there; None: nobody."""

    @property
    def allow_everyone(self) -> bool:
        return False

    @property
    def allowed_numbers(self) -> None:
        return None

    @property
    def allowed_users(self) -> tuple[str, ...]:
        """Whoever sits there, and nobody else."""
        return (self.seat.person,) if self.seat is not None else ()
