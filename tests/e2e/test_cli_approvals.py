"""`aof approvals`, and what `aof people suspend` takes away: decided in a terminal, beside a running daemon."""

import getpass
import json
import re

from tests.e2e.acting import BOSS, PEOPLE, acting, asked, restarted
from tests.e2e.cli import done, not_done, operator
from tests.e2e.world import LEAD, ON_CALL, World

TWO = {"approval": {"allowed_users": ["@lead"], "min_approvers": 2}}
ME = getpass.getuser()


async def _id(aof: World) -> str:
    (row,) = (await done(aof, "approvals", "list", "--json")).json
    return str(row["id"])


async def _refused(aof: World) -> str:
    """What the audit chain says of the last vote that was not taken."""
    rows = aof.rows(
        "SELECT facts FROM audit JOIN audit_words USING (seq) WHERE kind = 'decision_refused' ORDER BY seq DESC LIMIT 1"
    )
    return str(json.loads(rows[0][0])["refused"]) if rows else ""


async def test_a_question_is_listed_shown_and_approved_from_a_terminal(tmp_path, doer):
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS)) as aof:
        assert (await done(aof, "approvals", "list")).out == "Nothing waits for an approval.\n"
        await asked(aof)
        await aof.phone(BOSS).next()
        listed = (await done(aof, "approvals", "list")).out
        for said in ("lever restart api", "write", "Amina", "Omar, Boss", "min"):
            assert said in listed
        id_ = await _id(aof)
        assert "Waiting for approval: 1. aof approvals list shows what." in (await done(aof, "status")).out
        said = await done(aof, "approvals", "decide", id_[:6], "approve", "--as", "Omar", "--note", "looked", "--yes")
        assert said.out == "Approved in the name of Omar: lever restart api\n"
        told = await aof.on_call.next()
        assert f"approved by Omar (terminal: {ME})" in told["text"]
        assert f"Omar (terminal: {ME}) notes: “looked”" in told["text"]
        assert "pulled restart api" in told["text"]
        assert [turn.resumed.decisions["call-0"].note for turn in doer.turns if turn.resumed] == [
            f"Omar (terminal: {ME}): looked"
        ]
        assert doer.levers.pulled == [("lever", "restart", "api")]
        for phone in (aof.lead, aof.phone(BOSS)):
            assert f"Approved by Omar (terminal: {ME})" in (await phone.next())["text"], "also in whose name it was"
        shown = (await done(aof, "approvals", "show", id_)).out
        for said in ("done", f"Omar (terminal: {ME}) voted approve", "looked", "lever undo restart api", "it is slow"):
            assert said in shown
        assert "Step of" in shown
        assert "pulled restart api" in shown
        (words,) = aof.rows("SELECT facts FROM audit JOIN audit_words USING (seq) WHERE kind = 'approval_approved'")
        facts = json.loads(words[0])
        assert (facts["by"], facts["as"], facts["note"]) == (ME, "Omar", "looked")
        refused = await not_done(aof, "approvals", "decide", id_, "deny", "--as", "Boss", "--yes")
        assert f"it is done by Omar (terminal: {ME})" in refused
        assert (await done(aof, "approvals", "list")).out == "Nothing waits for an approval.\n"
        assert "done" in (await done(aof, "approvals", "list", "--all")).out


async def test_a_denial_from_a_terminal_runs_nothing(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        await asked(aof)
        said = await done(aof, "approvals", "decide", await _id(aof), "deny", "--as", "Omar", "--yes", "--json")
        assert said.json == {
            "id": said.json["id"], "verdict": "deny", "as": "Omar", "by": ME, "decided": True,
            "approvals": 0, "needed": 1,
        }  # fmt: skip
        assert f"Denied by Omar (terminal: {ME})" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == []


async def test_it_is_asked_with_the_exact_command_before_anything_is_decided(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        await aof.on_call.types("restart 'a \u202eb' $(x)")
        await aof.on_call.next()
        await aof.lead.next()
        words = ("approvals", "decide", await _id(aof), "approve", "--as", "Omar")
        for typed in ("", "n\n"):
            said = await operator(aof, *words, typed=typed)
            assert (said.code, said.out) == (1, "")
            assert r"lever restart 'a \u202eb' '$(x)'" in said.err
            assert "nothing was decided" in said.err
        assert "\u202e" not in said.err
        assert doer.levers.pulled == []
        assert (await aof.store.open_approvals())[0].votes == ()
        said = await operator(aof, *words, "--json", typed="y\n")
        assert (said.code, said.json["decided"]) == (0, True)
        assert "pulled restart" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "a \u202eb", "$(x)")]


async def test_whoever_may_not_decide_on_the_phone_may_not_here(tmp_path, doer):
    people = [*PEOPLE, {"name": "Sam", "whatsapp": "+15550004004"}]
    rule = {"approval": {"allowed_users": ["Amina", "@lead"]}, "people": people}
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS), **rule) as aof:
        await asked(aof)
        await aof.phone(BOSS).next()
        id_ = await _id(aof)
        for name, why in (
            ("Amina", "Amina asked for it, so somebody else has to decide"),
            ("Sam", "Sam is not among those who may decide about it"),
        ):
            assert why in await not_done(aof, "approvals", "decide", id_, "approve", "--as", name, "--yes")
            assert await _refused(aof) == why
        nobody = await not_done(aof, "approvals", "decide", id_, "approve", "--as", "Olla", "--yes")
        assert "spec.people has nobody called Olla; it has Amina, Boss, Omar, Sam" in nobody
        await done(aof, "people", "suspend", "Omar")
        assert "Omar is suspended" in await not_done(
            aof, "approvals", "decide", id_, "approve", "--as", "Omar", "--yes"
        )
        assert "there is no question zz" in await not_done(aof, "approvals", "show", "zz")
        assert (await operator(aof, "approvals", "decide", "", "approve", "--as", "Omar", "--yes")).code == 2
        assert (await operator(aof, "approvals", "decide", id_, "maybe", "--as", "Omar", "--yes")).code == 2
        (row,) = await aof.store.open_approvals()
        assert (row.state, row.votes) == ("asked", ())
        assert doer.levers.pulled == []


async def test_whoever_was_taken_off_the_list_decides_nothing(tmp_path, doer):
    listed = {"allow_everyone": False, "allowed_numbers": [ON_CALL, LEAD]}
    async with acting(tmp_path, doer, whatsapp=listed) as aof:
        await asked(aof)
        said = await not_done(aof, "approvals", "decide", await _id(aof), "approve", "--as", "Boss", "--yes")
        assert "Boss may not talk here" in said
        await done(aof, "approvals", "decide", await _id(aof), "approve", "--as", "Omar", "--yes")
        assert "pulled restart api" in (await aof.on_call.next())["text"]


async def test_whoever_changed_the_command_does_not_count(tmp_path, doer):
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS)) as aof:
        card = await asked(aof)
        await aof.lead.presses(card, "Edit")
        await aof.lead.next()
        former = await _id(aof)
        await aof.lead.types("restart db")
        assert "Changed" in (await aof.lead.next())["text"]
        id_ = await _id(aof)
        assert "Omar changed the command" in await not_done(
            aof, "approvals", "decide", id_, "approve", "--as", "Omar", "--yes"
        )
        late = await not_done(aof, "approvals", "decide", former, "approve", "--as", "Boss", "--yes")
        assert f"{id_} took its place" in late
        shown = (await done(aof, "approvals", "show", id_)).out
        assert f"{former} about the same call, superseded, then {id_}: lever restart api" in shown
        machine = (await done(aof, "approvals", "show", id_, "--json")).json
        assert machine["argv"] == ["lever", "restart", "db"]
        assert (machine["editor"], machine["others_of_this_call"][0]["id"]) == ("Omar", former)
        assert re.fullmatch(r"[0-9a-f]{64}", machine["fingerprint"])


async def test_two_people_are_needed_here_too_and_a_phone_is_one_of_them(tmp_path, doer):
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS), **TWO) as aof:
        await asked(aof)
        card = await aof.phone(BOSS).next()
        id_ = await _id(aof)
        first = await done(aof, "approvals", "decide", id_, "approve", "--as", "Omar", "--yes")
        assert first.out == "Counted in the name of Omar, 1 of 2 approvals: lever restart api\n"
        again = await not_done(aof, "approvals", "decide", id_, "deny", "--as", "Omar", "--yes")
        assert "Omar has voted about it already" in again
        assert f"1 of 2 Omar (terminal: {ME}): approve" in (await done(aof, "approvals", "list")).out
        await aof.phone(BOSS).presses(card, "Approve")
        assert f"approved by Omar (terminal: {ME}), Boss" in (await aof.on_call.next())["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]


async def test_without_a_daemon_it_says_how_long_the_decision_keeps(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        await asked(aof)
        id_ = await _id(aof)
        await aof.stop()
        said = await done(aof, "approvals", "decide", id_, "approve", "--as", "Omar", "--yes")
        assert "No daemon runs on this store: unless one begins it within 5 min, it ends." in said.out
        await restarted(aof, doer)
        assert "pulled restart api" in (await aof.on_call.next())["text"]


# -- the kill switch ----------------------------------------------------------------


async def test_the_kill_switch_is_thrown_and_lifted_from_a_terminal(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        assert "is off" in (await done(aof, "approvals", "killswitch")).out
        assert "is off already" in await not_done(aof, "approvals", "killswitch", "off")
        await asked(aof)
        thrown = (await done(aof, "approvals", "killswitch", "on")).out
        assert f"The kill switch is on, by {ME}, since " in thrown
        assert "Open questions that ended: 1." in thrown
        assert "withdrawn" in (await aof.lead.next())["text"]
        assert "Withdrawn" in (await aof.on_call.next())["text"]
        assert "The kill switch is on" in (await done(aof, "status")).out
        assert (await done(aof, "status", "--json")).json["killswitch"] is True
        await aof.on_call.types("restart api")
        assert "kill switch is on" in (await aof.on_call.next())["text"]
        assert "is on already" in await not_done(aof, "approvals", "killswitch", "on")
        lifted = (await done(aof, "approvals", "killswitch", "off", "--json")).json
        assert lifted == {"on": False, "since": None, "by": None, "ended": 0}
        await aof.on_call.types("restart api")
        assert "needs an approval" in (await aof.on_call.next())["text"]
        words = aof.rows("SELECT kind, facts FROM audit JOIN audit_words USING (seq) WHERE kind LIKE 'killswitch_%'")
        assert [(kind, json.loads(facts)) for kind, facts in words] == [
            ("killswitch_on", {"by": ME}),
            ("killswitch_off", {"by": ME}),
        ]
        assert doer.levers.pulled == []


# -- who is suspended ----------------------------------------------------------------


async def test_a_suspended_approvers_vote_and_card_count_no_more(tmp_path, doer):
    people = [*PEOPLE, {"name": "Sam", "whatsapp": "+15550004004", "roles": ["lead"]}]
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS), people=people, **TWO) as aof:
        card = await asked(aof)
        other = await aof.phone(BOSS).next()
        id_ = await _id(aof)
        await aof.lead.presses(card, "Approve")
        assert "1 of 2" in (await aof.lead.next())["text"]
        cut = await done(aof, "people", "suspend", "Omar")
        assert cut.out == f"Omar is suspended.\nOpen questions for which their vote counts no more: {id_}.\n"
        await aof.phone(BOSS).presses(other, "Approve")
        assert "1 of 2" in (await aof.phone(BOSS).next())["text"], "the vote of who is suspended is not the other one"
        await aof.lead.presses(card, "Approve")
        await aof.idle()
        assert doer.levers.pulled == []
        (row,) = await aof.store.open_approvals()
        assert [vote.name for vote in row.votes] == ["Boss"]
        await done(aof, "people", "resume", "Omar")
        await done(aof, "approvals", "decide", id_, "approve", "--as", "Omar", "--yes")
        assert "pulled restart api" in (await aof.on_call.next())["text"]


async def test_what_a_suspended_person_asked_for_ends(tmp_path, doer):
    async with acting(tmp_path, doer) as aof:
        card = await asked(aof)
        id_ = await _id(aof)
        cut = (await done(aof, "people", "suspend", "Amina", "--json")).json
        assert cut == {"name": "Amina", "suspended": True, "ended": [id_], "votes": [], "messages": 0}
        await aof.lead.presses(card, "Approve")
        assert "withdrawn" in (await aof.lead.next())["text"]
        await aof.idle()
        assert aof.rows("SELECT state FROM run") == [("finished",)]
        assert doer.levers.pulled == []


async def test_a_card_that_waits_for_a_suspended_person_does_not_leave(tmp_path, doer):
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS)) as aof:
        before = len(await aof.lead.shown())
        await aof.fault(error={"code": 131056})
        await aof.on_call.types("restart api")

        async def deferred() -> bool:
            return aof.rows("SELECT count(*) FROM outbox WHERE code = 131056") == [(3,)]

        await aof.until(deferred)
        await aof.stop()
        cut = await done(aof, "people", "suspend", "Omar")
        assert cut.out == "Omar is suspended.\nMessages that waited for them, and are held: 1.\n"
        await aof.fault()
        await restarted(aof, doer)
        aof.clock.advance(600)
        assert "lever restart api" in (await aof.phone(BOSS).next())["text"]
        await aof.idle()
        assert len(await aof.lead.shown()) == before
        held = (await done(aof, "outbox", "list", "--state", "held", "--json")).json["parts"]
        assert [(part["to"], part["gate"]) for part in held] == [("Omar", "access")]
