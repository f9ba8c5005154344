"""A request that failed for now is made again: one policy for all vendors, in place of one of each vendor's library."""

import asyncio
from typing import cast

from pydantic_ai.exceptions import (
    ModelConnectionError,
    ModelRateLimitError,
    ModelServerError,
    ModelUnavailableError,
)
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

from aof.agents.llm.taken import untaken

PASSING = (ModelRateLimitError, ModelUnavailableError, ModelServerError, ModelConnectionError)
"""What may be over in a minute."""


class Retrying(WrapperModel):
    """The model, asked again after a while; how long all of it may take is in the settings of a request."""

    def __init__(
        self, wrapped: Model, *, attempts: int, first_pause_seconds: float, longest_pause_seconds: float
    ) -> None:
        """
        Args:
            first_pause_seconds: Doubled after each attempt, unless the vendor says how long to wait.
            longest_pause_seconds: A vendor that wants to be left alone for longer is not asked again.
        """
        super().__init__(wrapped)
        self._untaken = untaken(wrapped)
        self._attempts = attempts
        self._first_pause_seconds = first_pause_seconds
        self._longest_pause_seconds = longest_pause_seconds

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        given = (model_settings or {}).items()
        taken = cast("ModelSettings", {key: value for key, value in given if key not in self._untaken})
        pause = self._first_pause_seconds
        for _ in range(1, self._attempts):
            try:
                return await super().request(messages, taken, model_request_parameters)
            except PASSING as error:
                wait = min(pause, self._longest_pause_seconds) if error.retry_after is None else error.retry_after
                if wait > self._longest_pause_seconds:
                    raise
            await asyncio.sleep(wait)
            pause *= 2
        return await super().request(messages, taken, model_request_parameters)
