"""Judges files that hold the body of a send, for `aof simulate --check`."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from aof.simulator.settings import Count
from aof.simulator.validate import problems

PLACEHOLDER = re.compile(r"[<{\[].*[>}\]]|\+?[A-Z][A-Z0-9_\- ]*|\+?\d*[xX]{3,}")
"""How documentation writes a recipient: `<NUMBER>`, `{{Recipient}}`, `PHONE_NUMBER`, `91xxxxxxxxxx`."""
REPLACEMENTS = {"to": "+16505551234", "recipient": "US.13491208655302741918"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Meta would say about one file."""

    path: Path
    ok: bool
    words: str

    def line(self) -> str:
        return f"{self.path}: {self.words}"


def check_file(path: Path, count: Count = "code_points") -> Verdict:
    """Read and judge one file; a file that can't be read or is no JSON is refused as well."""
    try:
        body = json.loads(path.read_bytes())
    except OSError as error:
        return Verdict(path, ok=False, words=f"not read: {error.strerror}")
    except (ValueError, RecursionError) as error:
        return Verdict(path, ok=False, words=f"not JSON: {str(error)[:200]}")
    replaced = _replace_placeholders(body)
    found = problems(body, count)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        return Verdict(path, ok=False, words=f"refused: {found[0].line()}{more}")
    return Verdict(path, ok=True, words=f"ok (placeholder in {' and '.join(replaced)} replaced)" if replaced else "ok")


def _replace_placeholders(body: object) -> list[str]:
    """Put a recipient where documentation has a placeholder; return the keys that were changed."""
    if not isinstance(body, dict) or body.get("recipient_type") == "group":
        return []
    changed = [key for key in REPLACEMENTS if isinstance(body.get(key), str) and PLACEHOLDER.fullmatch(body[key])]
    for key in changed:
        body[key] = REPLACEMENTS[key]
    return changed
