"""`make docs`: write every generated page."""

import sys

from tests.docs.pages import PAGES, ROOT


def write() -> None:
    """Write the pages that differ, and name them."""
    for name, page in PAGES.items():
        file, text = ROOT / name, page()
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    write()
