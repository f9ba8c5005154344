"""`spec.operator`: who decides about opportunities and drafts, and how they come in."""

from typing import Annotated, ClassVar

from pydantic import Field, SecretStr, StringConstraints, field_validator

from aof.config.envelope import Name
from aof.config.model import Absent, StrictModel
from aof.config.page import PageConfig

SHORTEST_TOKEN = 16
"""Characters."""

PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class OperatorConfig(StrictModel):
    """The operator flow: opportunities and drafts, decided on a phone before anything leaves."""

    env_keys: ClassVar[frozenset[str]] = frozenset({"api_token"})
    lets_in: ClassVar[frozenset[str]] = frozenset({"operators"})

    operators: Annotated[tuple[PersonName, ...], Field(examples=[["Amina"]])] = ()
    """Names of `spec.people` who get the cards and decide; to be listed is their consent to cards."""
    platform: Name = "whatsapp"
    """The platform that cards and messages to contacts go through."""
    api_token: Annotated[
        SecretStr | None,
        Absent("the API of programs is off"),
        Field(examples=["AOF_OPERATOR_API_TOKEN"]),
    ] = None
    """What programs show to `/api/` on the admin port, at least 16 characters."""
    draft_agent: Annotated[
        str | None, Absent("drafts are written from a template"), Field(examples=["writer"], min_length=1)
    ] = None
    """The agent that writes the drafts."""
    page: Annotated[
        PageConfig | None,
        Absent("there is no page"),
        Field(examples=[{"people": [{"name": "Amina", "role": "operator"}], "session_hours": 12}]),
    ] = None
    """The page on the admin port, and who may sign in there."""

    @field_validator("api_token")
    @classmethod
    def _long_enough(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and len(token.get_secret_value().strip()) < SHORTEST_TOKEN:
            raise ValueError(
                f"is too short. Write api_token_env: AOF_OPERATOR_API_TOKEN, the name of a variable with "
                f"{SHORTEST_TOKEN} characters or more."
            )
        return token
