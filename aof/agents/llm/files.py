"""Files that come with a message, as a model is shown them: pictures and PDF as they are, text as fenced text."""

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic_ai.messages import BinaryContent, UserContent, UserPromptPart

from aof.agents.base import Attachment
from aof.agents.llm.fence import Fence, shortened
from aof.agents.llm.settings import LLMSettings, Provider
from aof.tools.cleaning import clean

PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""What all of these vendors take; others, such as HEIC, would have the whole request refused."""
PDF = "application/pdf"
COMMONLY_SEEN: Mapping[Provider, frozenset[str]] = {
    "openai": PICTURES,
    "anthropic": PICTURES | {PDF},
    "google": PICTURES | {PDF},
}
TEXT = (
    "text/", "application/json", "application/x-ndjson", "application/yaml", "application/x-yaml", "application/xml",
    "application/toml", "application/x-sh",
)  # fmt: skip
"""How types begin whose files are text."""
MOST_OF_A_FILE = 20_000
"""Characters of a text file that a model is shown."""

_LABEL = re.compile(r"[^\w .()-]")


def sees(settings: LLMSettings, mime_type: str) -> bool:
    """Whether a model of these settings can be shown a file of this type."""
    seen = COMMONLY_SEEN.get(settings.provider, frozenset()) if settings.sees is None else settings.sees
    return mime_type.startswith((*TEXT, *seen))


def with_files(text: str, attachments: Sequence[Attachment], fence: Fence) -> str | list[UserContent]:
    """What was typed, then one item for each file."""
    return [text, *(_shown(one, fence) for one in attachments)] if attachments else text


def without_files(prompt: UserPromptPart) -> UserPromptPart:
    """What was typed, with a note for each file; nothing of a file is kept."""
    if isinstance(prompt.content, str):
        return prompt
    typed, *files = prompt.content
    notes = ["[image]" if isinstance(one, BinaryContent) and one.is_image else "[document]" for one in files]
    return replace(prompt, content="\n".join([typed if isinstance(typed, str) else "", *notes]))


def _shown(attachment: Attachment, fence: Fence) -> UserContent:
    if not attachment.mime_type.startswith(TEXT):
        return BinaryContent(data=attachment.content, media_type=attachment.mime_type)
    # a quotation mark in a name would end the label of the fence
    name = _LABEL.sub("", attachment.name).strip()
    return fence.around(f"file {name}".strip(), shortened(_text(attachment.content), MOST_OF_A_FILE))


def _text(content: bytes) -> str:
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    # cleaning takes its time, and what would be cut needs none; one character more shows that something was
    beginning = content[: 4 * (MOST_OF_A_FILE + 1)]
    return clean(beginning.decode("utf-16" if is_utf16 else "utf-8-sig", "replace"))
