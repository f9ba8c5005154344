"""`python -m bench.contestants.parsing FILE TIMES`: the same of the daemon's adapter, from bytes to events."""

import json
import sys
from pathlib import Path
from time import process_time

from aof.platforms.telegram.parse import Bot, events_of
from bench.updates import BOT_ID, USERNAME


def main(file: str, times: int) -> None:
    bot = Bot("telegram", f"telegram:{BOT_ID}", BOT_ID, USERNAME, lambda _: None)
    found = {}
    for kind, text in json.loads(Path(file).read_text(encoding="utf-8")).items():
        body = text.encode()
        for _ in range(times // 10):
            events_of(body, bot)
        began = process_time()
        for _ in range(times):
            events_of(body, bot)
        found[kind] = [(process_time() - began) / times]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
