"""The page for operators against those who mean ill."""

import re
from pathlib import Path

import pytest

from aof.domain.response import Action, Response
from aof.logs import RECENT
from tests.e2e.agents import Echo
from tests.e2e.operator_page import ADMIN, OPERATOR, TOKENS, VIEWER, browsing, paged
from tests.e2e.wire import Logged
from tests.e2e.world import ON_CALL, World

POSTS = (
    *(f"/deliveries/{path}" for path in ("1/release", "1/retry", "1/bury", "release")),
    *(f"/people/{path}" for path in ("approve", "revoke", "suspend", "resume")),
    *(f"/quarantine/q1/{path}" for path in ("replay", "open", "bury")),
    *("/approvals/x/decide", "/numbers/resume", "/status/switch", "/status/sessions"),
    "/conversations/000000000000/number",
)
SECTIONS = "conversations deliveries approvals drafts consent people quarantine numbers log status"
SCREENS = ("/", *(f"/{name}" for name in SECTIONS.split()))
HOSTILE = '<img src=x onerror="document.title=1">\u202egnp.exe'


async def refused(aof: World) -> None:
    """One part that the platform refused."""
    await aof.fault(error=131026)
    await aof.on_call.types("refused")
    await settled(aof, 1)


async def settled(aof: World, count: int) -> None:
    async def are_dead() -> bool:
        return len(aof.rows("SELECT 1 FROM outbox WHERE state = 'dead'")) == count

    await aof.until(are_dead)


async def test_whoever_is_not_signed_in_sees_the_door_alone(tmp_path: Path, log: Logged) -> None:
    async with paged(tmp_path) as aof, browsing(aof) as browser:
        for path in (*SCREENS, "/live", "/log/lines", "/new", "/nowhere"):
            answer = await browser.get(path)
            assert (answer.status, answer.headers["Location"]) == (303, "/operator/sign-in"), path
        assert (await browser.get("/sign-in")).status == 200
        for path in POSTS:
            form = {"csrf": "0" * 64}
            headers = {"Origin": browser.url, "Sec-Fetch-Site": "same-origin"}
            assert (await browser.send(path, form, headers)).status == 403, path


@pytest.mark.parametrize("cookie", ["x", "0" * 64, "' OR 1=1 --", "é\udcff", "a" * 5000])
async def test_a_forged_session_is_none(tmp_path: Path, cookie: str) -> None:
    async with paged(tmp_path) as aof, browsing(aof) as browser:
        # what a cookie header may carry at all
        value = cookie.encode("utf-8", "surrogateescape").decode("latin-1")
        answer = await browser.get("/", Cookie=f"aof_page={value}")
        assert answer.status in (303, 400)
        assert "csrf" not in answer.text


async def test_what_the_store_keeps_signs_nobody_in(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, ADMIN) as browser:
        ((digest,),) = aof.rows("SELECT digest FROM session")
        (cookie,) = [one.value for one in browser.session.cookie_jar]
        assert cookie != digest
        assert cookie not in str(aof.rows("SELECT * FROM session")) + str(aof.rows("SELECT facts FROM audit_words"))
        async with browsing(aof) as thief:
            assert (await thief.get("/", Cookie=f"aof_page={digest}")).status == 303


async def test_the_cookie_is_kept_from_scripts_and_other_sites(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof) as browser:
        answer = await browser.signs_in(ADMIN)
        flags = answer.headers["Set-Cookie"].split("; ")
        assert flags[0].startswith("aof_page=")
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(flags)
        assert "Secure" not in flags


async def test_behind_https_the_cookie_travels_encrypted_alone(tmp_path: Path) -> None:
    admin = {"port": 0, "public_url": "https://ops.example.org", "trusted_proxies": ["127.0.0.1"]}
    server = {"host": "127.0.0.1", "port": 0, "admin": admin}
    async with paged(tmp_path, server=server) as aof, browsing(aof) as browser:
        own = {"Origin": browser.url, "Sec-Fetch-Site": "same-origin"}
        assert (await browser.send("/sign-in", {"token": ADMIN}, own)).status == 403
        answer = await browser.send("/sign-in", {"token": ADMIN}, {**own, "Origin": "https://ops.example.org"})
        flags = answer.headers["Set-Cookie"].split("; ")
        assert flags[0].startswith("__Host-aof=")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(flags)
        assert not any(flag.startswith("Domain") for flag in flags)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
async def test_a_form_from_elsewhere_does_nothing(tmp_path: Path, headers: dict[str, str]) -> None:
    async with paged(tmp_path) as aof, browsing(aof, ADMIN) as browser:
        await refused(aof)
        form = {"csrf": (await browser.get("/")).csrf}
        assert (await browser.send("/deliveries/1/bury", form, headers)).status == 403
        assert (await browser.send("/sign-in", {"token": ADMIN}, headers)).status == 403
        assert aof.rows("SELECT buried FROM outbox") == [(0,)]


async def test_a_name_that_was_pointed_here_is_no_origin_of_ours(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof) as browser:
        headers = {"Host": "rebound.example", "Origin": "http://rebound.example", "Sec-Fetch-Site": "same-origin"}
        assert (await browser.send("/sign-in", {"token": ADMIN}, headers)).status == 403


async def test_a_form_without_the_sessions_own_token_does_nothing(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, ADMIN) as browser, browsing(aof, OPERATOR) as other:
        await refused(aof)
        of_another = (await other.get("/")).csrf
        for csrf in ("", "0" * 64, of_another):
            assert (await browser.post("/deliveries/1/bury", csrf=csrf)).status == 403
            assert (await browser.post("/sign-out", csrf=csrf)).status == 403
            assert (await browser.post("/prefer", csrf=csrf, theme="dark")).status == 403
        assert aof.rows("SELECT buried FROM outbox") == [(0,)]
        assert (await browser.post("/deliveries/1/bury")).status == 303
        assert aof.rows("SELECT buried FROM outbox") == [(1,)]


async def test_a_body_that_is_no_form_of_ours_is_not_read(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, ADMIN) as browser:
        own = {"Origin": browser.url, "Sec-Fetch-Site": "same-origin"}
        for kind in ("multipart/form-data; boundary=x", "text/plain", "application/json"):
            assert (await browser.send("/sign-in", {"token": "x"}, {**own, "Content-Type": kind})).status in (403, 415)
        assert (await browser.send("/sign-in", {"token": "x" * 70_000}, own)).status == 413


async def test_roles_are_looked_at_for_every_form(tmp_path: Path) -> None:
    """403 for each form that a role does not have; for those it has, 404 or 409 or 303."""
    admins = {
        "/people/revoke",
        "/people/suspend",
        "/people/resume",
        "/numbers/resume",
        "/status/switch",
        "/status/sessions",
    }
    async with paged(tmp_path) as aof:
        for token, forbidden in ((VIEWER, set(POSTS)), (OPERATOR, admins), (ADMIN, set())):
            async with browsing(aof, token) as browser:
                csrf = (await browser.get("/")).csrf
                closed = {path for path in POSTS if (await browser.post(path, csrf=csrf)).status == 403}
                assert closed == forbidden


async def test_a_viewer_is_shown_no_button_that_does_something(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, VIEWER) as browser:
        await refused(aof)
        for path in (*SCREENS, "/deliveries/1"):
            forms = set(re.findall(r'<form method="post" action="([^"]+)"', (await browser.get(path)).text))
            assert forms <= {"/operator/prefer", "/operator/sign-out"}, path


async def test_who_was_taken_off_the_list_is_out_at_once(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, VIEWER) as browser:
        assert (await browser.get("/")).status == 200
        aof.config = aof.config.replace('"name": "Amina",\n            "role"', '"name": "Lina",\n            "role"')
        aof.config = aof.config.replace(
            '"people": [\n      {\n        "name": "Amina"', '"people": [\n      {\n        "name": "Lina"', 1
        )
        port = aof.daemon.admin_port if aof.daemon else 0
        await aof.restart()
        assert aof.daemon is not None
        browser.url = browser.url.replace(str(port), str(aof.daemon.admin_port))
        (cookie,) = [one.value for one in browser.session.cookie_jar]
        assert (await browser.get("/", Cookie=f"aof_page={cookie}")).status == 303


async def test_hostile_names_and_texts_stay_texts(tmp_path: Path) -> None:
    echo = Echo()
    echo.answers = lambda _turn: Response(
        text=f"{HOSTILE} *b* `{HOSTILE}`", actions=(Action(id="x", title=HOSTILE[:20]),)
    )
    async with paged(tmp_path, agent=lambda _: echo) as aof:
        await aof.on_call.types(HOSTILE)
        await aof.on_call.next()
        await aof.fault(error={"code": 131026, "details": HOSTILE})
        await aof.on_call.types(HOSTILE)
        await settled(aof, 1)
        await aof.store.quarantine("whatsapp:106540352242922", HOSTILE.encode(), HOSTILE, now=aof.clock.now())
        async with browsing(aof, ADMIN) as browser:
            key = re.findall(r"/operator/conversations/([0-9a-f]{12})", (await browser.get("/conversations")).text)[0]
            await browser.post("/quarantine/q1/open")
            seen = 0
            for path in (
                *SCREENS,
                f"/conversations/{key}",
                "/deliveries/1",
                "/deliveries/2",
                f"/conversations?q={HOSTILE[:10]}",
            ):
                text = (await browser.get(path)).text
                assert "<img" not in text, path
                assert "\u202e" not in text, path
                seen += "&lt;img" in text
            assert seen >= 6


async def test_no_address_leads_out_of_the_page(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof, ADMIN) as browser:
        for path in (
            "/static/../page.py", "/static/%2e%2e/page.py", "/static/..%2f..%2fserver.py", "/static/%2fetc%2fpasswd",
            "/static/htmx.LICENSE", "/conversations/../../metrics%00", "/conversations/000000000000", "/deliveries/0",
            "/deliveries/99999999999999999999", "/deliveries/-1", "/deliveries/1%20OR%201", "/deliveries?before=x",
            "/deliveries?state=nothing", "/conversations/000000000000?before=nan", "/new?part=x", "/approvals/%25",
        ):  # fmt: skip
            answer = await browser.get(path)
            assert answer.status in (303, 404), path
            assert "def " not in answer.text
            assert "Traceback" not in answer.text
        for to in (
            "https://evil.example",
            "//evil.example",
            "/operator//evil.example",
            "/operator/\\evil",
            "/metrics",
            "/operator/\r\nX: y",
        ):
            answer = await browser.post("/prefer", to=to, theme="dark")
            assert (answer.status, answer.headers["Location"]) == (303, "/operator/"), to


async def test_cookies_of_the_page_open_nothing_else(tmp_path: Path) -> None:
    token = "a-token-of-the-port"
    server = {"host": "127.0.0.1", "port": 0, "admin": {"port": 0, "token_env": "AOF_ADMIN_TOKEN"}}
    async with (
        paged(tmp_path, server=server, environ={"AOF_ADMIN_TOKEN": token}) as aof,
        browsing(aof, ADMIN) as browser,
    ):
        assert (await browser.get("/")).status == 200
        for path in ("/ready", "/metrics", "/", "/operators", "/operatorx/"):
            async with browser.session.get(browser.url + path) as response:
                assert response.status == 401, path
        async with browser.session.get(f"{browser.url}/operator", allow_redirects=False) as response:
            assert (response.status, response.headers["Location"]) == (303, "/operator/")


async def test_every_answer_forbids_what_is_not_from_here(tmp_path: Path) -> None:
    async with paged(tmp_path) as aof, browsing(aof) as browser:
        answers = [await browser.get(path) for path in ("/sign-in", "/", "/static/page.js", "/static/nothing")]
        await browser.signs_in(ADMIN)
        answers += [await browser.get(path) for path in ("/", "/nowhere", "/deliveries/9")]
        for answer in answers:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert not re.search(r"<script(?! src=)|<style| on[a-z]+=| style=", answer.text)
        assert answers[-1].headers["Cache-Control"] == "no-store"


async def test_guesses_are_slowed_down(tmp_path: Path, log: Logged) -> None:
    async with paged(tmp_path) as aof, browsing(aof) as browser:
        for n in range(5):
            assert (await browser.post("/sign-in", token=f"guess-{n}")).status == 401
        answer = await browser.post("/sign-in", token=ADMIN)
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) > 500
        assert "Too many attempts" in answer.said
        assert len(log.of("page_sign_in_refused")) == 5
        aof.clock.advance(601)
        await browser.signs_in(ADMIN)


async def test_neither_tokens_nor_links_are_logged(tmp_path: Path, log: Logged) -> None:
    async with paged(tmp_path) as aof, browsing(aof) as browser:
        await browser.post("/sign-in", token="a-wrong-token-0001")
        await browser.get("/enter?key=a-key-of-nobody")
        await browser.post("/enter", key="a-key-of-nobody")

        async def broken(*_: object, **__: object) -> None:
            raise RuntimeError("a bug")

        aof.store.link = broken
        assert (await browser.get("/enter?key=a-key-of-nobody")).status == 500
        assert log.of("request_broken")
        log.may_hold_tracebacks = True
        written = log.stream.getvalue() + str(RECENT.after(0))
        assert "a-key-of-nobody" not in written
        assert "a-wrong-token-0001" not in written
        assert not any(token in written for token in TOKENS.values())


async def test_no_page_where_none_is_configured(aof: World) -> None:
    assert aof.daemon is not None
    async with aof.control.get(
        f"http://127.0.0.1:{aof.daemon.admin_port}/operator/", allow_redirects=False
    ) as response:
        assert response.status == 404


async def test_a_number_is_shown_to_who_may_and_that_is_written_down(tmp_path: Path) -> None:
    async with paged(tmp_path, people=[{"name": name} for name in ("Amina", "Omar", "Boss")]) as aof:
        await aof.on_call.types("hello")
        await aof.on_call.next()
        async with browsing(aof, OPERATOR) as browser, browsing(aof, VIEWER) as viewer:
            for path in SCREENS:
                assert ON_CALL not in (await browser.get(path)).text
            key = re.findall(r"/operator/conversations/([0-9a-f]{12})", (await browser.get("/conversations")).text)[0]
            place = f"/conversations/{key}"
            assert ON_CALL not in (await browser.get(place)).text
            assert (await viewer.post(f"{place}/number")).status == 403
            assert (await browser.post(f"{place}/number")).status == 303
            assert ON_CALL in (await browser.get(place)).text
            assert ON_CALL not in (await browser.get(place)).text
        ((facts,),) = aof.rows("SELECT facts FROM audit JOIN audit_words USING (seq) WHERE kind = 'number_opened'")
        assert '"Omar (page)"' in facts
