"""What is odd about how a resource is called."""

import re
from collections.abc import Mapping

from aof.config.problem import Place
from aof.config.read import Reader

_DNS_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def doubt_names(written: Mapping[str, object], place: Place, reader: Reader) -> None:
    """Warn of a name that is not like one of DNS, and of a namespace.

    Args:
        place: Of the section that holds the name.
    """
    name = written.get("name")
    for key, problem, remedy, applies in (
        ("namespace", "has no effect", "Remove it.", written.get("namespace") is not None),
        (
            "name",
            "is not like a DNS name",
            "Write a-z, 0-9 and -.",
            isinstance(name, str) and not _DNS_LABEL.fullmatch(name),
        ),
    ):
        if applies:
            reader.findings.warn(reader.lines[*place, key], (*place, key), problem, remedy)
