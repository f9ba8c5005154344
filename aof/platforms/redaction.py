"""A platform's own words, as an operator may read them."""

import re
from collections.abc import Collection

from aof.platforms.fields import clean, shortened

_LONGEST = 600
_SHORTEST_SECRET = 6


def redacted(text: str, secrets: Collection[str], looks_like: re.Pattern[str]) -> str:
    """`text` on one line, without any of the secrets and without anything that looks like one of the platform's."""
    for secret in sorted(secrets, key=len, reverse=True):
        # a shorter one is no secret, and taking it out would leave no readable word
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return shortened(clean(looks_like.sub("***", text)), _LONGEST)
