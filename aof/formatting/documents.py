"""Texts that are too long to be read in a chat, as files."""

from aof.domain.limits import Limit, Unit
from aof.domain.response import Document, Response
from aof.formatting.markup import Markup, as_it_is, convert
from aof.formatting.split import cut
from aof.texts import rendering
from aof.texts.language import Language

LONG_ANSWER = 12_000
"""Characters of an answer that is shown as messages alone; of a longer one they show the beginning, and a file holds
all of it."""
BEGINNING = Limit(950, Unit.UTF16, "with a sign and the word about the file it fits beside buttons, in 1,024 units")
MOST_DOCUMENT_BYTES = 1024 * 1024
"""Of a file that is made of an answer."""
NAME = "answer.txt"

_LOOKED_AT = 4 * BEGINNING.most
"""Characters that are read for the beginning: marks and tables take more room than what is shown of them."""


def with_document(response: Response, markup: Markup, language: Language) -> Response:
    """The beginning of a long text as a reader would cut it, and all of it as a file, word for word."""
    if len(response.text) <= LONG_ANSWER:
        return response
    beginning, _ = cut(convert(response.text[:_LOOKED_AT], markup), BEGINNING, markup)
    told = convert(rendering.goes_on_in(language, NAME), markup)
    whole = Document(name=NAME, text=response.text)
    return response.model_copy(
        update={"text": as_it_is(f"{beginning}\n\n{told}"), "documents": (whole, *response.documents)}
    )


def shortened(document: Document, language: Language) -> Document:
    """The document, or as much of it as a file may hold, with a line that says so."""
    content = document.text.encode("utf-8", "replace")
    if len(content) <= MOST_DOCUMENT_BYTES:
        return document
    note = f"\n\n{rendering.cut_short(language)}\n"
    kept = content[: MOST_DOCUMENT_BYTES - len(note.encode())].decode("utf-8", "ignore")
    return document.model_copy(update={"text": kept + note})


def folded(response: Response) -> Response:
    """The response for a platform that takes no files: their texts after its own, as blocks of code."""
    pieces = [response.text, *(f"{one.name}:\n\n{as_it_is(one.text)}" for one in response.documents)]
    text = "\n\n".join(piece for piece in pieces if piece)
    return response.model_copy(update={"text": text, "documents": ()})
