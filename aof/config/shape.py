"""What a field of a model takes, as far as reading YAML has to know before the model sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr


@dataclass(frozen=True, slots=True)
class Shape:
    """The forms that a value may have.

    Attributes:
        text: Any text will do, so a reference to an unset variable may be left in it.
        switch: Only the words of a switch will do.
        words: Only these will do, where there are any.
        section: The model of a mapping.
        many: A list will do, of `item`s.
        item: The annotation of a list's items or a mapping's values.
        secret: Its text must never be shown.
    """

    text: bool = False
    switch: bool = False
    words: tuple[str, ...] = ()
    section: type[BaseModel] | None = None
    many: bool = False
    item: Any = str
    secret: bool = False


def shape_of(annotation: Any) -> Shape:
    """The shape of an annotation; alternatives are joined."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(arguments[0])
    if origin in (Union, UnionType):
        return _joined([shape_of(one) for one in arguments if one is not NoneType])
    if origin is Literal:
        return Shape(words=tuple(str(word) for word in arguments))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return Shape(item=arguments[1])
    if isinstance(origin, type) and issubclass(origin, Sequence | set | frozenset):
        return Shape(many=True, item=arguments[0], secret=shape_of(arguments[0]).secret)
    return _of_class(annotation) if isinstance(annotation, type) else Shape(text=True)


def _of_class(kind: type) -> Shape:
    if kind is Any:
        return Shape(text=True)
    if kind is bool:
        return Shape(switch=True)
    if issubclass(kind, BaseModel):
        return Shape(section=kind)
    if issubclass(kind, Enum):
        return Shape(words=tuple(str(word.value) for word in kind))
    if issubclass(kind, SecretStr):
        return Shape(text=True, secret=True)
    return Shape(text=issubclass(kind, str | Path))


def _joined(shapes: list[Shape]) -> Shape:
    whole = shapes[0]
    for one in shapes[1:]:
        many = one if one.many else whole
        whole = replace(
            whole,
            text=whole.text or one.text,
            switch=whole.switch or one.switch,
            words=whole.words + one.words,
            section=whole.section or one.section,
            many=whole.many or one.many,
            item=many.item,
            secret=whole.secret or one.secret,
        )
    # a choice beside free text is free text
    return replace(whole, switch=False, words=()) if whole.text else whole
