"""What an annotation takes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field, SecretStr

from aof.config.daemon import AdminConfig
from aof.config.shape import Shape, shape_of
from aof.texts.language import Language


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        (str, Shape(text=True)),
        (Path, Shape(text=True)),
        (SecretStr, Shape(text=True, secret=True)),
        (int, Shape()),
        (float | None, Shape()),
        (bool, Shape(switch=True)),
        (Annotated[bool, Field()] | None, Shape(switch=True)),
        (bool | str, Shape(text=True)),  # any text will do, so "maybe" is no wrong switch
        (Literal["a", "b"], Shape(words=("a", "b"))),
        (Language | str, Shape(text=True)),
        (Language, Shape(words=("en", "ar"))),
        (AdminConfig | None, Shape(section=AdminConfig)),
        (tuple[int, ...], Shape(many=True, item=int)),
        (Sequence[AdminConfig], Shape(many=True, item=AdminConfig)),
        (SecretStr | tuple[SecretStr, ...], Shape(text=True, many=True, item=SecretStr, secret=True)),
        (Mapping[str, bool], Shape(item=bool)),
    ],
)
def test_the_shape_of_an_annotation_is_what_its_values_may_look_like(annotation, shape):
    assert shape_of(annotation) == shape
