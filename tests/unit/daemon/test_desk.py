"""Who sits at the desk, and what happens where they may not."""

import pwd
from pathlib import Path

import pytest

from aof.daemon import desk
from aof.domain.errors import StoreBusy, StoreError
from aof.store.sqlite import SQLiteStore


def test_the_operator_is_the_processs_user_whatever_its_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER"):
        monkeypatch.setenv(name, "somebody-else")
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert desk._who() == pwd.getpwuid(desk.os.getuid()).pw_name


def test_behind_sudo_it_is_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.os, "getuid", lambda: 0)
    monkeypatch.setenv("SUDO_USER", "ada")
    assert desk._who() == "ada as root"
    monkeypatch.setattr(desk.os, "getuid", lambda: 1)
    assert "ada" not in desk._who()


def test_a_user_without_a_name_has_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(desk.pwd, "getpwuid", nobody)
    monkeypatch.setattr(desk.os, "getuid", lambda: 1234)
    assert desk._who() == "uid 1234"


async def test_a_folder_that_may_not_be_entered_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refused)
    with pytest.raises(StoreBusy, match="Permission denied"):
        await SQLiteStore.open_beside(tmp_path / "aof.db")


async def test_a_store_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        await SQLiteStore.open_beside(tmp_path / "aof.db")
    assert not (tmp_path / "aof.db").exists()
