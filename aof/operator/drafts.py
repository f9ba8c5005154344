"""The text of a draft: an agent's, where one is configured and has something to say; else the template."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aof.domain.errors import AgentError
from aof.formatting.characters import clean, shows_something
from aof.logs import get
from aof.platforms.base import AnyPlatform
from aof.store.opportunities import NewDraft, OpportunityRow
from aof.texts import opportunities as texts

log = get(__name__)

TEMPLATE = "template"
"""Who wrote a draft that no agent should have written."""
FALLBACK = "template (fallback)"
"""Who wrote one in an agent's place."""

WriteDraft = Callable[[OpportunityRow], Awaitable[str]]
"""The text for an opportunity's contact. Raises AgentError or TimeoutError where there is none."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """Writes drafts; there always is one."""

    platform: AnyPlatform
    agent: str = ""
    """Who writes; empty: the template."""
    write: WriteDraft | None = None

    async def draft(self, row: OpportunityRow) -> NewDraft:
        """A text that fits one message."""
        if self.write is None:
            return NewDraft(_template(row), TEMPLATE)
        try:
            text = clean(await self.write(row)).strip()
        except (AgentError, TimeoutError) as error:
            return self._instead(row, type(error).__name__)
        except Exception as error:  # a draft is never lost to a fault of whoever should have written it
            log.exception("draft_broken", agent=self.agent)
            return self._instead(row, type(error).__name__)
        if not self.fits(text):
            return self._instead(row, "no usable text")
        return NewDraft(text, self.agent)

    def fits(self, text: str) -> bool:
        """Whether a text is one message that shows something."""
        return shows_something(text) and self.platform.limits.text.allows(text)

    def _instead(self, row: OpportunityRow, reason: str) -> NewDraft:
        log.warning("draft_from_template", agent=self.agent, reason=reason)
        return NewDraft(_template(row), FALLBACK)


def _template(row: OpportunityRow) -> str:
    return clean(texts.template(row.language, row.contact, row.title))
