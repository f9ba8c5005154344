"""What becomes of a model that fails: a line in the log with the provider's words, and an apology without them."""

from collections.abc import Iterable, Iterator

from pydantic_ai.exceptions import (
    AgentRunError,
    ContentFilterError,
    FallbackExceptionGroup,
    ModelContextWindowExceededError,
    ModelQuotaExceededError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    RunTimedOut,
)

from aof.agents.llm.retrying import PASSING
from aof.agents.llm.settings import LLMSettings
from aof.domain.errors import AgentError
from aof.logs import get
from aof.texts import agents as texts
from aof.texts import chat
from aof.texts.language import Language
from aof.tools.redaction import Redactor

log = get(__name__)

MOST_SAID = 300
"""Characters of a provider's words that are logged."""
Failure = AgentRunError | FallbackExceptionGroup


class Trouble:
    """Turns the failures of one agent's model into errors of the daemon."""

    def __init__(self, settings: LLMSettings, secrets: Iterable[str]) -> None:
        self._settings = settings
        self._redact = Redactor(secrets)

    def logged(self, failure: Failure, language: Language) -> AgentError:
        """The error for the person, once the cause is in the log."""
        causes = list(_single(failure))
        for cause in causes:
            log.warning(
                "model_failed",
                agent=self._settings.name,
                model=getattr(cause, "model_name", self._settings.model),
                error=type(cause).__name__,
                status=getattr(cause, "status_code", None),
                # further lines hold the answer itself
                reason=self._redact(str(cause).partition("\n")[0])[:MOST_SAID],
            )
        return AgentError(self._apology(causes[-1], language))

    def _apology(self, cause: BaseException, language: Language) -> str:
        match cause:
            case RunTimedOut():
                return chat.took_too_long(language, self._settings.run_timeout_seconds)
            case ModelContextWindowExceededError():
                return texts.too_long_for_model(language)
            case ContentFilterError():
                return texts.model_declined(language)
            case _ if isinstance(cause, (*PASSING, ModelRequestTimeout)):
                return texts.model_not_reached(language)
            case ModelRequestRejectedError() | ModelQuotaExceededError():
                return texts.model_refused(language)
            case _:
                return texts.model_unusable(language)


def _single(failure: BaseException) -> Iterator[BaseException]:
    if isinstance(failure, BaseExceptionGroup):
        for one in failure.exceptions:
            yield from _single(one)
    else:
        yield failure
