"""A document with an envelope becomes its model."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from aof.config.beside import DIRECTORY
from aof.config.document import Node, line_of
from aof.config.envelope import Envelope
from aof.config.naming import doubt_names
from aof.config.read import Reader, TooMuch, keys_in
from aof.config.refusals import refuse_all

Kind = TypeVar("Kind", bound=Envelope)


def read_resource(root: Node, reader: Reader, model: type[Kind]) -> tuple[Kind | None, Mapping[str, Any]]:
    """The document as `model`, None where it is refused; and what stands in it either way."""
    reader.lines[()] = line_of(root)
    try:
        written = reader.section(root, model, ())
    except TooMuch:
        return None, {}
    doubt_names(keys_in(written, "metadata"), ("metadata",), reader)
    context = {DIRECTORY: Path(reader.findings.file).absolute().parent}
    try:
        return model.model_validate(written, context=context), written
    except ValidationError as error:
        refuse_all(error, (), reader)
        return None, written
