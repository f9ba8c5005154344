"""What people do on the page for operators, and what comes of it in the store and on phones."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

from aof.domain.response import Response
from tests.e2e.acting import BOSS, Doer, acting, asked
from tests.e2e.agents import Echo
from tests.e2e.cli import done, not_done
from tests.e2e.operator_page import ADMIN, OPERATOR, PAGE, TOKENS, VIEWER, Answer, Browser, browsing, paged
from tests.e2e.world import LEAD, ON_CALL, World

GATED = {"hold_on_loopback": True, "allow_everyone": True}


def audited(aof: World, kind: str) -> list[dict[str, Any]]:
    sql = "SELECT facts FROM audit JOIN audit_words USING (seq) WHERE kind = ? ORDER BY seq"
    return [json.loads(row[0]) for row in aof.rows(sql, kind)]


async def states(aof: World, *wanted: str) -> None:
    async def are_so() -> bool:
        return [row[0] for row in aof.rows("SELECT state FROM outbox ORDER BY seq")] == list(wanted)

    await aof.until(are_so)


async def followed(browser: Browser, answer: Answer) -> Answer:
    """The screen that a form leads to."""
    assert answer.status == 303, answer.said
    return await browser.get(answer.headers["Location"].removeprefix("/operator"))


async def test_a_link_signs_in_once_and_not_by_being_looked_at(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof) as browser:
        said = (await done(aof, "operator", "link", "Omar", "--json")).json
        place, _, key = said["link"].partition("/operator/enter?key=")
        assert place == browser.url
        for _ in range(2):
            assert "signs you in as Omar, once" in (await browser.get(f"/enter?key={key}")).said
        assert (await browser.post("/enter", key=key)).status == 303
        assert "Omar" in (await browser.get("/")).said
        async with browsing(aof) as other:
            assert (await other.get(f"/enter?key={key}")).status == 410
            assert (await other.post("/enter", key=key)).status == 410
        assert key not in str(aof.rows("SELECT * FROM sign_in_link")) + str(aof.rows("SELECT facts FROM audit_words"))
        assert [facts["with"] for facts in audited(aof, "page_signed_in")] == ["link"]


async def test_a_link_is_over_after_ten_minutes(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof) as browser:
        key = (await done(aof, "operator", "link", "Omar", "--json")).json["link"].partition("key=")[2]
        aof.clock.advance(601)
        assert (await browser.get(f"/enter?key={key}")).status == 410
        assert (await browser.post("/enter", key=key)).status == 410


async def test_a_link_is_for_who_may_sign_in(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof:
        said = await not_done(aof, "operator", "link", "Nobody")
        assert "spec.operator.page has nobody called Nobody; it has Amina, Omar, Boss" in said
    async with paged(tmp_path / "..", operator={}) as aof:
        assert "the configuration has no page" in await not_done(aof, "operator", "link", "Omar")


async def test_a_session_ends_by_time_by_oneself_and_by_an_admin(tmp_path: Path) -> None:
    page = {**PAGE, "session_hours": 1}
    async with paged(tmp_path, page=page) as aof, browsing(aof, OPERATOR) as browser, browsing(aof, ADMIN) as admin:
        await browser.post("/sign-out")
        assert (await browser.get("/")).status == 303
        await browser.signs_in(OPERATOR)
        assert (
            "Omar is signed out: 1" in (await followed(admin, await admin.post("/status/sessions", name="Omar"))).said
        )
        assert (await browser.get("/")).status == 303
        assert audited(aof, "page_signed_out")[-1]["by"] == "Boss (page)"
        aof.clock.advance(3601)
        assert (await admin.get("/")).status == 303


async def test_a_held_part_is_released_once_its_gate_is_open(tmp_path: Path) -> None:
    async with paged(tmp_path, agent=lambda _: Echo(), whatsapp=GATED) as aof, browsing(aof, OPERATOR) as browser:
        await aof.on_call.types("ahoy")
        await states(aof, "held")
        assert "1 held by live_send" in (await browser.get("/")).said
        answer = await browser.post("/deliveries/1/release")
        assert answer.status == 409
        assert "Not done: nothing was released: spec.platforms.whatsapp.allow_live_send" in answer.said
        assert (await browser.post("/deliveries/release", gate="live_send")).status == 409
        aof.config = aof.config.replace('"hold_on_loopback": true', '"hold_on_loopback": true, "allow_live_send": true')
        await aof.restart()
        assert aof.daemon is not None
        async with browsing(aof, OPERATOR) as again:
            assert "Release all" in (await again.get("/")).said
            screen = await followed(again, await again.post("/deliveries/release", gate="live_send"))
            assert "Released: 1." in screen.said
        assert (await aof.on_call.next())["text"] == "You said: ahoy"
        assert audited(aof, "part_released") == [{"by": "Omar (page)"}]


async def test_what_did_not_arrive_names_the_code_and_what_to_do(tmp_path: Path) -> None:
    async with paged(tmp_path, agent=lambda _: Echo()) as aof, browsing(aof, OPERATOR) as browser:
        await aof.fault(error=131030)
        await aof.on_call.types("ahoy")
        await states(aof, "dead")
        for path in ("/", "/deliveries/1"):
            screen = (await browser.get(path)).said
            assert "131030" in screen
            assert "Add the number under API Setup, then send again." in screen
        await aof.fault(error=None)
        screen = await followed(browser, await browser.post("/deliveries/1/retry"))
        assert "On its way again: 1." in screen.said
        assert (await aof.on_call.next())["text"] == "You said: ahoy"
        again = await browser.post("/deliveries/1/retry")
        assert (again.status, "none of these is dead or failed any more" in again.said) == (409, True)


async def test_what_is_left_at_that_needs_nobody_any_more(tmp_path: Path) -> None:
    async with paged(tmp_path, agent=lambda _: Echo(), whatsapp=GATED) as aof, browsing(aof, OPERATOR) as browser:
        await aof.on_call.types("ahoy")
        await states(aof, "held")
        assert (await browser.post("/deliveries/1/bury")).status == 303
        await states(aof, "dead")
        assert "Nothing needs a person now." in (await browser.get("/")).said
        assert "Omar (page) gave it up" in (await browser.get("/deliveries/1")).said
        assert audited(aof, "part_buried") == [{"by": "Omar (page)"}]
        assert (await browser.post("/deliveries/1/bury")).status == 409


async def test_what_could_not_be_read_is_taken_up_or_left(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, OPERATOR) as browser:
        await aof.store.quarantine("whatsapp:106540352242922", b"{not json", "no JSON", now=aof.clock.now())
        assert "1 could not be read or answered" in (await browser.get("/")).said
        answer = await browser.post("/quarantine/q1/replay")
        assert answer.status == 409
        assert "q1 still can&#39;t be read" in answer.text
        assert (await browser.post("/quarantine/q1/bury")).status == 303
        assert "Everything could be read and answered." in (await browser.get("/quarantine")).said
        assert (await browser.post("/quarantine/q1/replay")).status == 404
        assert audited(aof, "event_buried") == [{"by": "Omar (page)"}]


async def test_a_stranger_is_let_in_by_their_code_and_what_was_typed_is_kept(tmp_path: Path) -> None:
    whatsapp: dict[str, Any] = {"allow_everyone": False}
    people = [{"name": name} for name in ("Amina", "Omar", "Boss")]
    async with paged(tmp_path, whatsapp=whatsapp, people=people) as aof, browsing(aof, OPERATOR) as browser:
        await aof.on_call.types("ahoy")
        found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", (await aof.on_call.next())["text"])
        assert found
        assert "asks to be let in" in (await browser.get("/")).said
        wrong = await browser.post("/people/approve", code="2222-2222", name="Lina")
        assert wrong.status == 409
        assert "no open code is like that" in wrong.said
        assert 'value="2222-2222"' in wrong.text
        assert 'value="Lina"' in wrong.text
        taken = await browser.post("/people/approve", code=found[0], name="Omar")
        assert taken.status == 409
        screen = await followed(browser, await browser.post("/people/approve", code=found[0], name="Lina"))
        assert "Lina is let in." in screen.said
        assert ON_CALL not in screen.text
        async with browsing(aof, ADMIN) as admin:
            (key,) = re.findall(r'name="key" value="([0-9a-f]+)"', (await admin.get("/people")).text)
            assert "Lina is sent away." in (await followed(admin, await admin.post("/people/revoke", key=key))).said
        assert audited(aof, "pairing_revoked")[0]["by"] == "Boss (page)"


async def test_an_admin_suspends_resumes_and_throws_the_switch(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, ADMIN) as browser:
        assert (
            "Amina is suspended." in (await followed(browser, await browser.post("/people/suspend", name="Amina"))).said
        )
        assert (await browser.post("/people/suspend", name="Amina")).status == 409
        assert (await browser.post("/people/suspend", name="Nobody")).status == 404
        assert (
            "Amina may talk again."
            in (await followed(browser, await browser.post("/people/resume", name="Amina"))).said
        )
        screen = await followed(browser, await browser.post("/status/switch", to="on"))
        assert "The kill switch is on, by Boss (page)" in screen.said
        assert "The kill switch is on" in (await browser.get("/")).said
        assert (await browser.post("/status/switch", to="on")).status == 409
        await browser.post("/status/switch", to="off")
        assert await aof.store.thrown("killswitch") is None


async def test_a_stopped_account_is_resumed(tmp_path: Path) -> None:
    async with paged(tmp_path, agent=lambda _: Echo()) as aof, browsing(aof, ADMIN) as browser:
        await aof.fault(expired_token=1)
        await aof.on_call.types("ahoy")

        async def is_stopped() -> bool:
            return bool(await aof.store.stopped())

        await aof.until(is_stopped)
        (account,) = await aof.store.stopped()
        assert f"Nothing leaves for {account}" in (await browser.get("/")).said
        assert (
            f"{account} sends again."
            in (await followed(browser, await browser.post("/numbers/resume", account=account))).said
        )
        assert (await aof.on_call.next())["text"] == "You said: ahoy"
        assert (await browser.post("/numbers/resume", account=account)).status == 409


async def test_the_numbers_screen_tells_how_templates_stand_and_that_nobody_told_of_any(tmp_path: Path) -> None:
    async with paged(tmp_path, agent=lambda _: Echo()) as aof, browsing(aof, VIEWER) as browser:
        assert "The platform has told of no template yet." in (await browser.get("/numbers")).said
        wanted = {"status": "PAUSED", "reason": "people blocked it"}
        async with aof.control.post("/_sim/templates/message_waiting/en_US", json=wanted) as response:
            assert response.status == 200, await response.text()

        async def is_told() -> bool:
            return bool(await aof.store.templates())

        await aof.until(is_told)
        screen = (await browser.get("/numbers")).said
        assert "message_waiting" in screen
        assert "paused" in screen
        assert "Nothing of it is sent." in screen


async def voted(aof: World, browser: Browser, verdict: str) -> Answer:
    (row,) = await aof.store.open_approvals()
    return await browser.post(f"/approvals/{row.id}/decide", verdict=verdict, note="looked <b>at</b> it")


async def test_a_vote_on_the_page_counts_as_ones_own(tmp_path: Path, doer: Doer) -> None:
    page = {"operator": {"page": PAGE}, "environ": TOKENS}
    async with acting(tmp_path, doer, greeted=(LEAD, BOSS), **page) as aof, browsing(aof, OPERATOR) as browser:
        await asked(aof)
        (row,) = await aof.store.open_approvals()
        assert "Amina asks to run a command" in (await browser.get("/")).said
        screen = await browser.get(f"/approvals/{row.id}")
        for said in ("lever restart api", "This will run, exactly:", "Amina", "Omar", "Boss", "write"):
            assert said in screen.said
        screen = await followed(browser, await voted(aof, browser, "approve"))
        assert "Approved." in screen.said
        told = await aof.on_call.next()
        assert "approved by Omar (page)" in told["text"]
        assert doer.levers.pulled == [("lever", "restart", "api")]
        screen = await browser.get(f"/approvals/{row.id}")
        assert "Omar (page)" in screen.said
        assert "looked &lt;b&gt;at&lt;/b&gt; it" in screen.text
        assert "pulled restart api" in screen.said
        again = await browser.post(f"/approvals/{row.id}/decide", verdict="deny")
        assert again.status == 409
        assert "nothing was decided: it is done by Omar (page)" in again.said


async def test_who_asked_and_who_is_not_named_decide_nothing_whatever_their_role(tmp_path: Path, doer: Doer) -> None:
    people = [{**one, "role": "admin"} for one in PAGE["people"]]
    page = {
        "operator": {"page": {"people": people}},
        "environ": TOKENS,
        "approval": {"allowed_users": ["Amina", "Omar"]},
    }
    async with acting(tmp_path, doer, **page) as aof:
        await asked(aof)
        for token, why in ((VIEWER, "Amina asked for it"), (ADMIN, "Boss is not among those who may decide")):
            async with browsing(aof, token) as browser:
                (row,) = await aof.store.open_approvals()
                screen = await browser.get(f"/approvals/{row.id}")
                assert why in screen.said
                assert 'value="approve"' not in screen.text
                answer = await voted(aof, browser, "approve")
                assert answer.status == 409
                assert why in answer.said
        assert [facts["refused"].split(",")[0] for facts in audited(aof, "decision_refused")] == [
            "Amina asked for it",
            "Boss is not among those who may decide about it",
        ]
        assert doer.levers.pulled == []


async def test_a_viewer_who_may_decide_on_the_phone_decides_nothing_here(tmp_path: Path, doer: Doer) -> None:
    people = [{**one, "role": "viewer"} for one in PAGE["people"]]
    page = {"operator": {"page": {"people": people}}, "environ": TOKENS}
    async with acting(tmp_path, doer, **page) as aof, browsing(aof, OPERATOR) as browser:
        await asked(aof)
        assert (await voted(aof, browser, "approve")).status == 403
        assert (await aof.store.open_approvals())[0].votes == ()


async def test_the_lists_go_on_where_they_ended(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, VIEWER) as browser:
        account, now = "whatsapp:106540352242922", aof.clock.now()
        for n in range(120):
            await aof.store.open_conversation(account, f"+1555100{n:04}", now=now)
        seen: list[str] = []
        path = "/conversations"
        while path:
            text = (await browser.get(path)).text
            seen += re.findall(r'class="whole" href="/operator/conversations/([0-9a-f]{12})"', text)
            more = re.search(r'class="button" href="/operator(/conversations\?below=[0-9a-f]{12})"', text)
            path = more[1] if more else ""
        assert (len(seen), len(set(seen))) == (120, 120)


async def test_people_are_found_by_name_digits_and_words(tmp_path: Path) -> None:
    echo = Echo()
    echo.answers = lambda _turn: Response(text="100% sure_thing")
    async with paged(tmp_path, agent=lambda _: echo) as aof, browsing(aof, VIEWER) as browser:
        await aof.on_call.types("kettle")
        await aof.on_call.next()
        await aof.lead.types("teapot")
        await aof.lead.next()
        for words, who in (
            ("Amina", "Amina"),
            ("amin", "Amina"),
            ("teapot", "Omar"),
            ("0002002", "Omar"),
            ("555 000 1001", "Amina"),
        ):
            rows = re.findall(r'<bdi class="who">([^<]+)', (await browser.get(f"/conversations?q={words}")).text)
            assert rows == [who], words
        for words in ("nothing", "123", "%25%25", "__", "%5C"):
            assert "Nothing is like" in (await browser.get(f"/conversations?q={words}")).said, words
        both = re.findall(r'<bdi class="who">', (await browser.get("/conversations?q=100%25%20sure_")).text)
        assert len(both) == 2


async def test_both_languages_and_colours_are_kept_with_the_session(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, VIEWER) as browser:
        assert '<html lang="en" dir="ltr">' in (await browser.get("/")).text
        assert '<html lang="ar" dir="rtl">' in (await browser.get("/", **{"Accept-Language": "ar-EG,ar;q=0.9"})).text
        assert (await browser.post("/prefer", language="ar", to="/operator/log")).headers["Location"] == "/operator/log"
        await browser.post("/prefer", theme="dark")
        for _ in range(2):
            text = (await browser.get("/deliveries")).text
            assert '<html lang="ar" dir="rtl" data-theme="dark">' in text
            await aof.restart()
            assert aof.daemon is not None
            browser.url = f"http://127.0.0.1:{aof.daemon.admin_port}"
        assert '<html lang="ar" dir="rtl">' in (await browser.get("/sign-in?language=ar")).text


async def test_a_stream_says_that_something_moved_and_ends_with_the_session(tmp_path: Path) -> None:
    async with (
        paged(tmp_path, agent=lambda _: Echo()) as aof,
        browsing(aof, OPERATOR) as browser,
        browser.session.get(f"{browser.url}/operator/live") as stream,
        asyncio.timeout(15),
    ):
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readline() == b"retry: 2000\n"
        await aof.on_call.types("ahoy")
        while await stream.content.readline() != b"event: moved\n":
            pass
        await browser.post("/sign-out")
        while await stream.content.readline():
            pass


async def test_whoever_has_accounts_on_several_platforms_is_found_and_told_apart_by_them(tmp_path: Path) -> None:
    people = [{"name": name} for name in ("Amina", "Omar", "Boss")]
    people[0] |= {"whatsapp": ON_CALL, "telegram": "550010077"}
    programs = {"secret": "a-secret-of-the-test-0001", "allowed_users": ["nightly"]}
    async with paged(tmp_path, people=people, platforms={"http": programs}) as aof, browsing(aof, VIEWER) as browser:
        await aof.on_call.types("/status")
        await aof.idle()
        assert "+1•••1001 telegram:55•••0077 · configuration" in (await browser.get("/people")).said
        assert "Amina whatsapp" in (await browser.get("/conversations?q=amina")).said
