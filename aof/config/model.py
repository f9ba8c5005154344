"""The ground of every configuration model."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class Absent:
    """Marks a key whose absence says something of its own, so that no default can be written in its place.

    Such a key stands commented out in the example file, with the first of its field's `examples`.

    Attributes:
        means: What follows where the key is absent.
    """

    means: str


class StrictModel(BaseModel):
    """Typed, frozen, and refuses keys it does not know. A field's docstring is its page in the reference."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)
