"""What stands below the fields of a model. It is read out of the source, which takes too long for a daemon's start."""

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


def words_on(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings of the fields by the keys of a file; "" where there is none."""
    written: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if issubclass(one, BaseModel) and one is not BaseModel:
            written |= _written_in(one)
    return {
        about.alias or name: about.description or written.get(name, "") for name, about in model.model_fields.items()
    }


@cache
def _written_in(model: type[BaseModel]) -> dict[str, str]:
    try:
        source = inspect.getsource(model)
    except OSError:  # installed without sources, or made at run time
        return {}
    (definition,) = ast.parse(textwrap.dedent(source)).body
    body = definition.body if isinstance(definition, ast.ClassDef) else []
    found: dict[str, str] = {}
    for field, below in pairwise(body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                found[name] = inspect.cleandoc(words)
    return found
