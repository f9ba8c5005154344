"""What every command has in common."""

from tests.docs.pages.cli import entries


def test_whatever_works_beside_a_daemon_speaks_to_programs_too() -> None:
    options = {
        entry.path: {option for param in entry.params("option") for option in param.opts}
        for entry in entries()
        if entry.path and not entry.is_group
    }
    beside = {path for path, known in options.items() if "--config" in known} - {"serve", "chat"}
    assert len(beside) > 15
    assert {path for path in beside if "--json" not in options[path]} == set()
