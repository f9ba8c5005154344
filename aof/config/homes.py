"""Where each key belongs, for those that are indented wrongly."""

from functools import cache

from pydantic import BaseModel

from aof.config.model import keys_of
from aof.config.shape import shape_of


@cache
def homes_of(model: type[BaseModel], section: str = "") -> dict[str, str]:
    """The section of every key that does not stand at the top; of keys with several homes the outermost, then first."""
    homes = dict.fromkeys(keys_of(model), section) if section else {}
    for name, about in keys_of(model).items():
        if inner := shape_of(about.annotation).section:
            for key, home in homes_of(inner, f"{section}.{name}" if section else name).items():
                homes.setdefault(key, home)
    return homes
