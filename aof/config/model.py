"""The ground of every configuration model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo


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

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,
        defer_build=True,  # most commands read no file of an agent or a trigger
    )

    other_names: ClassVar[Mapping[str, str]] = {}
    """Further names that files have for a key, each with the key."""
    without_effect: ClassVar[frozenset[str]] = frozenset()
    """Keys that files may hold and nothing reads; each is a warning."""
    lets_in: ClassVar[frozenset[str]] = frozenset()
    """Lists that let in what they name: an entry whose variable is not set lets in nobody, with a warning."""


def keys_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields by the keys of a file, which differ where Python keeps a name for itself."""
    return {about.alias or name: about for name, about in model.model_fields.items()}
