"""What helm prints of a release: values and manifests under headings, between lines for people."""

import re
from collections.abc import Iterator

from aof.tools.masking.documents import masked_yaml
from aof.tools.masking.leaves import Rules

_HEADING = re.compile(r"(USER-SUPPLIED VALUES|COMPUTED VALUES|HOOKS|MANIFEST|NOTES):[ \t]*")
_RULES = Rules(beneath=True)


def chart_text(text: str) -> str:
    """With the values and manifests masked; the lines before the first heading, and notes, stay.

    Raises:
        Withheld: A part is no YAML.
    """
    return "\n".join(_parts(text.split("\n")))


def _parts(lines: list[str]) -> Iterator[str]:
    heading, part = "", list[str]()
    for line in lines:
        found = _HEADING.fullmatch(line)
        # notes are the last part; a value may be called NOTES too
        if found is None or heading == "NOTES" or (found[1] == "NOTES" and heading.endswith("VALUES")):
            part.append(line)
            continue
        yield from _part(heading, part)
        yield line
        heading, part = found[1], []
    yield from _part(heading, part)


def _part(heading: str, part: list[str]) -> Iterator[str]:
    text = "\n".join(part)
    if heading in {"", "NOTES"} or not text.strip():
        yield from part
    else:
        yield masked_yaml(text, _RULES, what=f"the part {heading}").rstrip("\n")
        yield ""
