"""What a running program may be called in an answer."""

import re

_PLAIN_NAME = re.compile(r"[\w.+-]{1,40}")
_KERNEL_NAME = 15  # characters; TASK_COMM_LEN of Linux less its NUL


def plain_name(name: str) -> str:
    """psutil lengthens a name from the command line's first word; some programs write sentences there."""
    return name if _PLAIN_NAME.fullmatch(name) else name[:_KERNEL_NAME]
