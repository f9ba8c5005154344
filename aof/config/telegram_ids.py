"""Ids of Telegram as admins write them: numbers, which never change. A @name can be given to somebody else."""

import re

_USER = re.compile(r"[1-9][0-9]{0,19}")
_GROUP = re.compile(r"-[1-9][0-9]{0,19}")


def user_id(text: str) -> str:
    """
    Raises:
        ValueError: It is no user id, with what to write.
    """
    written = text.strip().removeprefix("telegram:")
    if not _USER.fullmatch(written):
        raise ValueError("is no user id of Telegram, and a @name is none either; write the number, such as 55501")
    return written


def group_id(text: str) -> str:
    """
    Raises:
        ValueError: It is no group's id, with what to write.
    """
    written = text.strip()
    if not _GROUP.fullmatch(written):
        raise ValueError("is no id of a group; write the number with its minus sign, such as -1001234567890")
    return written


def chat_id(text: str) -> str:
    """A group's, or that of a chat with one person, which is the person's.

    Raises:
        ValueError: It is neither, with what to write.
    """
    written = text.strip()
    if not (_GROUP.fullmatch(written) or _USER.fullmatch(written)):
        raise ValueError(
            "is no id of a chat on Telegram; write the number, of a group with its minus sign: -1001234567890"
        )
    return written
