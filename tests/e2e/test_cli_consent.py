"""`aof consent` beside a daemon: what it writes, what it refuses, and what a spreadsheet is given to read."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from aof.simulator import Settings
from aof.simulator.settings import TemplateSettings
from tests.e2e.cli import done, not_done, operator
from tests.e2e.test_consent import LISTED, held, says, stands, texts, wrote
from tests.e2e.world import LEAD, ON_CALL, World, world

TEMPLATES: dict[str, Any] = {"opt_in": {"name": "notices_opt_in", "languages": {"en": "en_US", "ar": "ar"}}}
SETTINGS = Settings(
    templates=(
        TemplateSettings("notices_opt_in", "en_US", body="May we write to you?", buttons=("Yes", "No")),
        TemplateSettings("notices_opt_in", "ar", body="هل تسمح لنا بمراسلتك؟", buttons=("نعم", "لا")),
    )
)
ASKS = {"whatsapp": {**LISTED, "templates": TEMPLATES}, "settings": SETTINGS}


async def taps(aof: World, number: str, title: str) -> None:
    """Tap the button of what the phone was shown last, and wait until all is said about it."""
    event = await aof.phone(number).presses((await aof.phone(number).shown())[-1], title)

    async def answered() -> bool:
        return aof.rows("SELECT state FROM inbox WHERE event_id = ?", event) == [("done",)]

    await aof.until(answered)
    await aof.idle()


async def sent(aof: World, count: int) -> None:
    """Wait until so many parts were settled, whatever became of them."""

    async def settled() -> bool:
        return len(await aof.store.parts(states=("sent", "delivered", "read", "held", "failed", "dead"))) == count

    await aof.until(settled)
    await aof.idle()


@pytest.mark.parametrize(
    ("language", "question", "tap", "state", "answer"),
    [
        ("en", "May we write to you?", "Yes", "in", "✅ You will get notices here. STOP ends them."),
        ("ar", "هل تسمح لنا بمراسلتك؟", "لا", "out", "لن تصلك إشعارات هنا بعد الآن. للعودة أرسل: اشتراك"),
    ],
)
async def test_somebody_is_asked_once_and_their_tap_is_their_word(
    tmp_path: Path, language: str, question: str, tap: str, state: str, answer: str
) -> None:
    async with world(tmp_path, **ASKS) as aof:
        await done(aof, "consent", "ask", LEAD, "--evidence", "form 12", "--language", language)
        await sent(aof, 1)
        again = await not_done(aof, "consent", "ask", LEAD, "--evidence", "form 12")
        assert "was asked within the last 30 days" in again
        await taps(aof, LEAD, tap)
        assert await texts(aof, LEAD) == [question, answer]
        assert await stands(aof, LEAD) == state
        (row,) = (await done(aof, "consent", "list", "--json")).json
        assert (row["number"], row["state"], row["how"], row["evidence"]) == (LEAD, state, "button", tap)
        shown = (await done(aof, "consent", "show", LEAD, "--json")).json
        assert [(one["state"], one["how"]) for one in shown["rows"]] == [("asked", "operator"), (state, "button")]
        assert shown["rows"][0]["evidence"] == "form 12"
        words = "agreed already" if state == "in" else "opted out, and only START from them lifts that"
        assert words in await not_done(aof, "consent", "ask", LEAD, "--evidence", "form 12")
        await wrote(aof, LEAD, "an offer")
        await aof.idle()
        assert [gate for _, gate in await held(aof)] == ([] if state == "in" else ["consent"])


async def test_who_agreed_elsewhere_can_be_written_to_first(tmp_path: Path) -> None:
    async with world(tmp_path, **ASKS) as aof:
        template = ("send", "--to", LEAD, "--template", "notices_opt_in")
        assert "has never written" in await not_done(aof, *template)
        await done(aof, "consent", "set", LEAD, "in", "--evidence", "called on 3 March")
        await done(aof, *template)
        await sent(aof, 1)
        assert await texts(aof, LEAD) == ["May we write to you?"]


async def test_nobody_is_asked_without_evidence_or_a_template(aof: World) -> None:
    assert (await operator(aof, "consent", "ask", LEAD)).code == 2
    assert (await operator(aof, "consent", "ask", LEAD, "--evidence", " ")).code == 2
    said = await not_done(aof, "consent", "ask", LEAD, "--evidence", "form 12")
    assert "write spec.platforms.whatsapp.templates.opt_in" in said
    assert (await done(aof, "consent", "list")).out.startswith("Nobody has said anything.")


async def test_what_was_said_elsewhere_is_written_down_but_not_over_a_stop(aof: World) -> None:
    await done(aof, "consent", "set", LEAD, "in", "--evidence", "called on 3 March")
    assert await stands(aof, LEAD) == "in"
    said = await done(aof, "consent", "set", LEAD, "in", "--evidence", "called again")
    assert said.out == f"{LEAD} was in already.\n"
    await says(aof, ON_CALL, "stop")
    refused = await not_done(aof, "consent", "set", ON_CALL, "in", "--evidence", "called")
    assert "opted out, and only START from them lifts that" in refused
    words = aof.rows("SELECT facts FROM audit_words JOIN audit USING (seq) WHERE kind = 'consent_in'")
    assert len(words) == 1
    assert "called on 3 March" in words[0][0]


BAD = """number,state,evidence,at
+15550002002,in,form 1,2026-01-02T03:04
0151 1234,in,form 2,
+15550003003,maybe,form 3,
+15550004004,in,,
+15550005005,in,form 5,9999-01-01
+15550006006,in
+15550002002,out,form 7,
,in,form 8,
"""


async def test_every_bad_row_of_an_import_is_told_and_nothing_is_written(aof: World, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(BAD)
    said = await not_done(aof, "consent", "import", str(file))
    told = [line for line in said.splitlines() if line.startswith(f"{file}:")]
    assert [line.removeprefix(f"{file}:").split(": ")[0] for line in told] == ["3", "4", "5", "6", "7", "8", "9"]
    assert "has no country code" in told[0]
    assert "write in or out" in told[1]
    assert "write where the consent can be looked up" in told[2]
    assert "still to come" in told[3]
    assert "has 2 cells under 4 columns" in told[4]
    assert "the same person as line 2" in told[5]
    assert "names nobody" in told[6]
    assert await aof.store.contacts() == []


async def test_an_import_with_one_who_opted_out_writes_nobody(aof: World, tmp_path: Path) -> None:
    await says(aof, ON_CALL, "stop")
    file = tmp_path / "list.csv"
    file.write_text(f"number,state,evidence\n{LEAD},in,form 1\n{ON_CALL},in,form 2\n")
    said = await not_done(aof, "consent", "import", str(file))
    assert f"{file}:3: opted out, and only START from them lifts that" in said
    assert await stands(aof, LEAD) is None


async def test_what_is_exported_can_be_imported_and_no_spreadsheet_obeys_it(aof: World, tmp_path: Path) -> None:
    evidence = '=HYPERLINK("http://x","y")'
    await done(aof, "consent", "set", LEAD, "in", "--evidence", evidence)
    await done(aof, "consent", "set", "US.999", "out", "--evidence", "'-1+1, two\nlines")
    out = (await done(aof, "consent", "export")).out
    cells = [cell for row in csv.reader(io.StringIO(out)) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    file = tmp_path / "out.csv"
    await done(aof, "consent", "export", str(file))
    assert file.read_text() == out
    assert file.stat().st_mode & 0o777 == 0o600
    assert "exists already" in await not_done(aof, "consent", "export", str(file))
    before = [(one.number, one.user_id, one.state, one.row.evidence, one.row.at) for one in await aof.store.contacts()]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with world(elsewhere) as other:
        await done(other, "consent", "import", str(file))
        found = await other.store.contacts()
        after = [(one.number, one.user_id, one.state, one.row.evidence, one.row.at) for one in found]
        assert [one[:4] for one in reversed(after)] == [one[:4] for one in before]
        assert {one.row.how for one in found} == {"import"}


async def test_a_file_that_is_no_table_of_consent_is_refused(aof: World, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    for content, why in (
        (b"", "is empty"),
        (b"number,state\n", "has no column evidence"),
        (b"state,evidence\n", "has no column number"),
        (b"number,state,evidence,name\n", "has a column 'name'"),
        (b"number,number,state,evidence\n", "names a column twice"),
        (b"\xff\xfe", "is not text in UTF-8"),
        (b'number,state,evidence\n"+15550002002,in,form', "is no CSV"),
    ):
        file.write_bytes(content)
        assert why in await not_done(aof, "consent", "import", str(file)), content
    assert "can't be read" in await not_done(aof, "consent", "import", str(tmp_path / "none.csv"))
