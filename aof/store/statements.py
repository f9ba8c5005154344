"""SQL by name: statements stand in files, each under its name and a sentence on what it does.

-- lease_event --
-- The oldest ready event of a conversation in which no earlier event is open.
SELECT …
"""

import re
from importlib.resources import files

_NAME = re.compile(r"^-- (\w+) --$", re.MULTILINE)


def statements(package: str, *names: str) -> dict[str, str]:
    """All statements of the named files of a package's `sql` folder, by their names.

    Raises:
        ValueError: A name stands twice.
    """
    found: dict[str, str] = {}
    for name in names:
        text = (files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
        pieces = _NAME.split(text)[1:]
        for statement, body in zip(pieces[::2], pieces[1::2], strict=True):
            if statement in found:
                raise ValueError(f"{package}: {name}.sql: {statement} stands twice")
            found[statement] = body.strip()
    return found
