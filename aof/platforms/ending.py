"""What stands in place of a card once it offers nothing any more."""

from aof.domain.response import ButtonsPart, Part, Response, TextPart
from aof.formatting.markup import shown
from aof.platforms.base import AnyPlatform, Edits, render_for
from aof.texts.language import Language


def ended(platform: AnyPlatform, card: Part, ending: Response, language: Language, *, alone: Response) -> str:
    """The card's own text with an ending below it, as the platform writes it.

    Args:
        alone: What is shown in its place where both together are too long for one message.

    Returns:
        Empty where the platform replaces nothing, or not such a part.
    """
    if not isinstance(platform, Edits) or not isinstance(card, ButtonsPart | TextPart):
        return ""
    whole = f"{card.text}\n\n{_text(platform, ending, language)}"
    if platform.limits.body.allows(shown(whole, platform.markup)):
        return whole
    return _text(platform, alone, language)


def _text(platform: AnyPlatform, response: Response, language: Language) -> str:
    first = render_for(platform, response, language).parts[0]
    return first.text if isinstance(first, TextPart) else ""
