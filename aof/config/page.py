"""`spec.operator.page`: who may sign in on the page for operators."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, SecretStr, StringConstraints, field_validator

from aof.config.model import Absent, StrictModel

PageRole = Literal["viewer", "operator", "admin"]
"""What somebody may do on the page: look; act on messages and decide; act on people and accounts too."""

SHORTEST_TOKEN = 16
"""Characters."""


class PagePerson(StrictModel):
    """Somebody who may sign in."""

    env_keys: ClassVar[frozenset[str]] = frozenset({"token"})

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), Field(examples=["Amina"])
    ]
    """A name of `spec.people`: what they decide counts as theirs."""
    role: Annotated[PageRole, Field(examples=["operator"])] = "viewer"
    """viewer looks; operator acts on messages and decides; admin acts on people and accounts too."""
    token: Annotated[
        SecretStr | None, Absent("they sign in by one-time links alone"), Field(examples=["AOF_PAGE_TOKEN_AMINA"])
    ] = None
    """What they sign in with, at least 16 characters."""

    @field_validator("token")
    @classmethod
    def _long_enough(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and len(token.get_secret_value().strip()) < SHORTEST_TOKEN:
            raise ValueError(f"is too short. Write token_env, the name of a variable with {SHORTEST_TOKEN} characters.")
        return token


class PageConfig(StrictModel):
    """The page on the admin port."""

    people: Annotated[tuple[PagePerson, ...], Field(min_length=1)]
    """Who may sign in, and what they may do there."""
    session_hours: int = Field(default=12, ge=1, le=168)
    """Hours after which somebody signs in anew."""

    @field_validator("people")
    @classmethod
    def _told_apart(cls, people: tuple[PagePerson, ...]) -> tuple[PagePerson, ...]:
        names = [person.name for person in people]
        if doubled := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"names {doubled} twice. Keep one of them.")
        tokens = [person.token.get_secret_value() for person in people if person.token is not None]
        if len(set(tokens)) < len(tokens) and any(set(token) != {"0"} for token in tokens):
            raise ValueError("gives two people the same token. Give each one of their own.")
        return people

    def person(self, name: str) -> PagePerson | None:
        return next((person for person in self.people if person.name == name), None)
