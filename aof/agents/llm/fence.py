"""What tools return, marked for the model as something to read, never to obey."""

import re
import secrets

_LIKE_OURS = re.compile(r"<(?=\s*/?\s*data-)", re.IGNORECASE)
"""The beginning of any fence, of this run or another."""

_OURS = re.compile(r"</?data-[0-9a-f]{16}(?: from=\"[^\"\n]*\")?>\n?")


class Fence:
    """One run's marks. Nobody can write them beforehand, and nothing inside a fence looks like one."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(8)

    def around(self, source: str, text: str) -> str:
        """The text, labelled with where it comes from."""
        body = defused(text).strip("\n") or "(nothing)"
        return f'<data-{self._mark} from="{source}">\n{body}\n</data-{self._mark}>'


def with_note(text: str, note: str, fence: Fence) -> str:
    """A text, and what people wrote along with their decision about it, as something to read."""
    return f"{text}\n{fence.around('a note of whoever decided', note)}" if note else text


def defused(text: str) -> str:
    """The text with nothing in it that looks like the beginning of a fence."""
    return _LIKE_OURS.sub("‹", text)


def unfenced(text: str) -> str:
    """What a model says, without marks that it copied out of what it read."""
    return _OURS.sub("", text)


def shortened(text: str, most: int) -> str:
    """The text with at most so many characters; a fence around it stays closed."""
    if len(text) <= most:
        return text
    note = "\n[cut]"
    first, _, _ = text.partition("\n")
    last = text.rpartition("\n")[2]
    if first.startswith("<data-") and last.startswith("</data-"):
        note += f"\n{last}"
    return text[: most - len(note)] + note
