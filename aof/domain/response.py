"""What an agent says, and the parts that it becomes. One part is one request to the platform."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from aof.domain.message import Frozen


class Status(StrEnum):
    """How an answer is to be read at a glance."""

    OK = "ok"
    FAILED = "failed"
    WARNING = "warning"
    NOTE = "note"


Style = Literal["plain", "good", "danger"]
"""How a choice looks where a platform has colours: as any other, as what goes on, as what can't be taken back."""


class Action(Frozen):
    """A next step that is offered; it becomes a button, a row, or a numbered line."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    description: str = ""
    style: Style = "plain"


class Document(Frozen):
    """A text that is read as a file."""

    name: str = Field(min_length=1)
    mime_type: Literal["text/plain"] = "text/plain"
    text: str = Field(min_length=1)


class Response(Frozen):
    """What an agent answers: CommonMark text, a status where one is meant, the next steps, and texts as files."""

    text: str
    status: Status | None = None
    actions: tuple[Action, ...] = ()
    documents: tuple[Document, ...] = ()
    """Where a platform takes no files, their texts follow the text."""


class Choice(Frozen):
    """An action as a part shows it."""

    id: str
    """What travels over the wire and comes back with the press."""
    title: str
    description: str = ""
    action_id: str
    """The action's own id; differs from `id` where the platform allows less."""
    style: Style = "plain"


class TextPart(Frozen):
    """Text in the platform's own marks. `numbered` are the choices that a bare number answers, in order from 1."""

    type: Literal["text"] = "text"
    text: str
    numbered: tuple[Choice, ...] = ()
    source: str = ""
    """The CommonMark that `text` was made of, where it has a table or a heading and the platform may show them."""


class ButtonsPart(Frozen):
    """Text with reply buttons under it."""

    type: Literal["buttons"] = "buttons"
    text: str
    buttons: tuple[Choice, ...]
    source: str = ""
    """As that of a `TextPart`."""


class ListPart(Frozen):
    """Text with a button that opens a list of rows."""

    type: Literal["list"] = "list"
    text: str
    label: str
    """What stands on the button that opens the list."""
    rows: tuple[Choice, ...]


class TemplatePart(Frozen):
    """A template that the platform approved beforehand, with plain text for its body's parameters."""

    type: Literal["template"] = "template"
    name: str
    language: str
    body: tuple[str, ...] = ()
    buttons: tuple[Choice, ...] = ()
    """What a press of each of the template's quick replies means, in the template's order. Their titles stand in the
    template itself."""


class MediaPart(Frozen):
    """A file, by the id of an upload or by a link: exactly one of the two."""

    type: Literal["media"] = "media"
    kind: Literal["image", "video", "audio", "voice", "document", "sticker"]
    id: str | None = None
    link: str | None = None
    caption: str = ""
    filename: str = ""


class DocumentPart(Frozen):
    """A file that is made here. The platform gets its content first, and then the message that shows it."""

    type: Literal["document"] = "document"
    name: str
    mime_type: Literal["text/plain"] = "text/plain"
    text: str
    caption: str = ""


class ReactionPart(Frozen):
    """An emoji on somebody's message; an empty one takes it away."""

    type: Literal["reaction"] = "reaction"
    message_id: str
    emoji: str


class EditPart(Frozen):
    """What stands from now on in place of an earlier part of the same conversation."""

    type: Literal["edit"] = "edit"
    message_id: str = ""
    """Of the earlier part, as the platform gave it."""
    of_part: str = ""
    """The earlier part's own id where the platform's is not known yet; the store writes that one in its place."""
    text: str
    buttons: tuple[Choice, ...] = ()

    @property
    def changes(self) -> str:
        """The same for all that is put in place of one part."""
        return self.of_part or self.message_id


Part = Annotated[
    TextPart | ButtonsPart | ListPart | TemplatePart | MediaPart | DocumentPart | ReactionPart | EditPart,
    Field(discriminator="type"),
]


def choices_of(part: Part) -> tuple[Choice, ...]:
    """The choices a part shows, in the order shown."""
    match part:
        case TextPart():
            return part.numbered
        case ButtonsPart() | EditPart():
            return part.buttons
        case ListPart():
            return part.rows
        case TemplatePart():
            return part.buttons
        case _:
            return ()


def text_of(part: Part) -> str:
    """The words of a part without its choices; of a template or a document its name."""
    match part:
        case DocumentPart():
            return part.name
        case MediaPart():
            return part.caption
        case ReactionPart():
            return part.emoji
        case TemplatePart():
            return part.name
        case _:
            return part.text
