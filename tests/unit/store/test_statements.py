"""SQL by name."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from aof.store.statements import statements

SQL = files("aof.store.sqlite") / "sql"
NAMES = sorted(entry.name.removesuffix(".sql") for entry in SQL.iterdir())


def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **texts: str) -> str:
    """A package of its own with these files in its `sql` folder."""
    name = f"statements_of_{tmp_path.name}".replace("-", "_")
    (tmp_path / name / "sql").mkdir(parents=True)
    (tmp_path / name / "__init__.py").touch()
    for file, text in texts.items():
        (tmp_path / name / "sql" / f"{file}.sql").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def test_statements_of_all_named_files_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = "-- about the file\n\n-- one --\n-- What it does.\nSELECT 1 -- not a -- name\n\n-- two --\nSELECT\n  2\n"
    name = package(tmp_path, monkeypatch, a=first, b="-- three --\nSELECT 'ثلاثة'\n")
    assert statements(name, "a", "b") == {
        "one": "-- What it does.\nSELECT 1 -- not a -- name",
        "two": "SELECT\n  2",
        "three": "SELECT 'ثلاثة'",
    }


def test_a_name_that_stands_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = package(tmp_path, monkeypatch, a="-- one --\nSELECT 1", b="-- one --\nSELECT 2")
    with pytest.raises(ValueError, match="one stands twice"):
        statements(name, "a", "b")


@pytest.mark.parametrize("file", NAMES)
def test_every_statement_begins_with_a_sentence_and_is_used(file: str) -> None:
    code = "".join(
        entry.read_text(encoding="utf-8") for entry in files("aof.store.sqlite").iterdir() if entry.name.endswith(".py")
    )
    for name, statement in statements("aof.store.sqlite", file).items():
        first = statement.splitlines()[0]
        assert re.fullmatch(r"-- [A-Z].*[.:;,]?.*", first), name
        assert f'"{name}"' in code, f"nobody uses {name}"
