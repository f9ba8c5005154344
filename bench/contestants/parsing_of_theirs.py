"""`python parsing_of_theirs.py aiogram|ptb FILE TIMES`: seconds that a library takes for each update in a file of JSON
strings, in its own environment; printed as JSON.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any


def _aiogram() -> Callable[[str], Any]:
    from aiogram.types import Update  # noqa: PLC0415 -- one library is in memory at a time

    return Update.model_validate_json


def _ptb() -> Callable[[str], Any]:
    from telegram import Bot, Update  # noqa: PLC0415 -- as above

    bot = Bot("7000000001:token-of-the-bench-0123456789")
    return lambda body: Update.de_json(json.loads(body), bot)


def main(library: str, file: str, times: int) -> None:
    parse = {"aiogram": _aiogram, "ptb": _ptb}[library]()
    found = {}
    for kind, body in json.loads(Path(file).read_text(encoding="utf-8")).items():
        for _ in range(times // 10):
            parse(body)
        began = process_time()
        for _ in range(times):
            parse(body)
        found[kind] = [(process_time() - began) / times]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
