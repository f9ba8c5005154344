"""What programs may ask of the operators' port, and what they are told where they may not."""

import json

import pytest

from tests.e2e.cli import done, not_done
from tests.e2e.flow import CONTACT, ENGLISH, OMAR, TOKEN, WANTED, added, audited, call, flowing, standing
from tests.e2e.world import world

PATH = "/api/operator/opportunities"


async def test_the_same_opportunity_once_more_is_known_and_shows_no_second_card(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        first = await added(aof, ENGLISH)
        status, again = await call(aof, "POST", PATH, ENGLISH)
        assert (status, again) == (202, first)
        # another way to write the same
        spelled = {**ENGLISH, "contact": {"name": "Layla ", "phone": "+1 (555) 000-3003"}}
        assert (await call(aof, "POST", PATH, spelled))[0] == 202
        await aof.idle()
        assert len([one for one in await aof.phone(OMAR).shown() if one["buttons"]]) == 1
        assert audited(aof) == ["opportunity_added"]


async def test_another_body_under_the_same_id_or_key_is_refused_and_changes_nothing(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        await added(aof, ENGLISH, **{"Idempotency-Key": "k-1"})
        other = {**ENGLISH, "title": "Something else"}
        status, said = await call(aof, "POST", PATH, other)
        assert status == 409
        assert "another opportunity" in said["error"]
        status, _ = await call(aof, "POST", PATH, {**other, "id": "LEAD-77"}, **{"Idempotency-Key": "k-1"})
        assert status == 409
        assert (await call(aof, "GET", f"{PATH}/LEAD-77"))[0] == 404
        assert (await standing(aof, "LEAD-43"))["title"] == ENGLISH["title"]
        status, said = await call(aof, "POST", PATH, ENGLISH, **{"Idempotency-Key": "k-1"})
        assert (status, said["id"]) == (202, "LEAD-43")


@pytest.mark.parametrize(
    ("body", "field", "problem"),
    [
        ({**ENGLISH, "id": "a b"}, "id", "signs that can't stand there"),
        ({**ENGLISH, "id": "x" * 129}, "id", "too long"),
        ({**ENGLISH, "title": "x" * 121}, "title", "longer than 120"),
        ({**ENGLISH, "title": "\u200b"}, "title", "shows nothing"),
        ({**ENGLISH, "title": 7}, "title", "wants a text"),
        ({**ENGLISH, "summary": "x" * 601}, "summary", "longer than 600"),
        ({**ENGLISH, "language": "fr"}, "language", "'en' or 'ar'"),
        ({**ENGLISH, "contact": {"name": "Layla"}}, "contact.phone", "is missing"),
        ({**ENGLISH, "contact": {"name": "Layla", "phone": "0151 12345678"}}, "contact.phone", "country code"),
        ({**ENGLISH, "contact": "Layla"}, "contact", "wants an object"),
        ({**ENGLISH, "more": 1}, "more", "is not known here"),
        ([], "", "wants an object"),
    ],
)
async def test_a_body_of_another_form_is_refused_by_field(tmp_path, body, field, problem):
    async with flowing(tmp_path, greeted=()) as aof:
        status, said = await call(aof, "POST", PATH, body)
        assert status == 400, said
        assert said["problems"][0]["field"] == field
        assert problem in said["problems"][0]["problem"]
        assert problem in said["error"]
        assert aof.rows("SELECT count(*) FROM opportunity") == [(0,)]


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"{", 400), (b"\xff\xfe", 400), (b"[" * 30_000, 400), (b'"' + b"x" * 70_000 + b'"', 413), (b"", 400)],
)
async def test_a_body_that_is_no_json_or_too_large_is_refused_in_one_sentence(tmp_path, data, status):
    async with flowing(tmp_path, greeted=()) as aof:
        got, said = await call(aof, "POST", PATH, data=data)
        assert got == status, said
        assert "Traceback" not in json.dumps(said)


@pytest.mark.parametrize("key", ["", "x" * 201, "with blank in it", "ä"])
async def test_an_odd_idempotency_key_is_refused(tmp_path, key):
    async with flowing(tmp_path, greeted=()) as aof:
        status, said = await call(aof, "POST", PATH, ENGLISH, **{"Idempotency-Key": key})
        assert status == 400
        assert "Idempotency-Key" in said["error"]


ROUTES = [("POST", PATH), ("GET", f"{PATH}/x"), ("POST", "/api/notify"), ("GET", "/api/notify/x")]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_the_token_of_programs_nothing_is_taken_or_told(tmp_path, method, path):
    async with flowing(tmp_path, greeted=()) as aof:
        for token in (None, "", TOKEN[:-1], f"{TOKEN}x", "ä"):
            status, said = await call(aof, method, path, WANTED if method == "POST" else None, token=token)
            assert status == 401, said
        assert aof.rows("SELECT count(*) FROM opportunity") == [(0,)]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_where_no_token_is_configured_the_api_is_off_and_says_what_to_write(tmp_path, method, path):
    async with world(tmp_path) as aof:
        status, said = await call(aof, method, path, WANTED if method == "POST" else None, token="")
        assert status == 503
        assert "spec.operator.api_token_env" in said["error"]


async def test_without_operators_nothing_is_taken_that_nobody_would_see(tmp_path):
    async with flowing(tmp_path, operators=(), greeted=()) as aof:
        status, said = await call(aof, "POST", PATH, WANTED)
        assert status == 503
        assert "spec.operator.operators" in said["error"]
        words = ["--id", "x", "--title", "T", "--contact", "L", "--phone", CONTACT]
        assert "there are no operators" in await not_done(aof, "operator", "add", *words)


async def test_neither_token_of_the_port_opens_the_other_ones_pages(tmp_path):
    admin = "token-of-admins-in-tests"
    async with flowing(tmp_path, greeted=(), environ={"ADMIN": admin}) as aof:
        await aof.stop()
        document = json.loads(aof.config)
        document["spec"]["server"]["admin"]["token_env"] = "ADMIN"
        aof.config = json.dumps(document)
        await aof.start()
        for path in ("/metrics", "/ready", "/", "/nothing", "/api", "/api/", "/api/../metrics", "/api/%2e%2e/metrics"):
            assert (await call(aof, "GET", path, token=TOKEN))[0] == 401, path
        for method, path in ROUTES:
            body = WANTED if method == "POST" else None
            assert (await call(aof, method, path, body, token=admin))[0] == 401, path
        assert (await call(aof, "GET", "/ready", token=admin))[0] == 200
        assert (await call(aof, "POST", PATH, WANTED))[0] == 202


async def test_the_log_has_one_line_for_each_request_and_no_word_of_it(tmp_path, log):
    async with flowing(tmp_path, greeted=()) as aof:
        await call(aof, "POST", PATH, WANTED)
        await call(aof, "POST", PATH, {**WANTED, "title": 7})
        await call(aof, "GET", f"{PATH}/LEAD-42")
        await call(aof, "GET", f"{PATH}/LEAD-42", token="wrong-token-of-tests")
        lines = log.of("api_answered")
        assert [(line["route"], line["status"]) for line in lines] == [
            ("opportunities", 202), ("opportunities", 400), ("opportunity", 200), ("opportunity", 401),
        ]  # fmt: skip
        for said in ("ليلى", WANTED["title"], CONTACT, TOKEN):
            assert said not in log.stream.getvalue()


async def test_from_the_command_line(tmp_path):
    async with flowing(tmp_path, operators=("Omar",)) as aof:
        words = ["--id", "LEAD-9", "--title", "Renew", "--contact", "Layla", "--phone", CONTACT, "--language", "en"]
        assert (await done(aof, "operator", "list")).out == "Nothing waits for an operator.\n"
        assert (await done(aof, "operator", "add", *words)).out == "Added: LEAD-9.\n"
        assert (await done(aof, "operator", "add", *words)).out == "Known already: LEAD-9.\n"
        assert "another opportunity" in await not_done(aof, "operator", "add", *words, "--summary", "other")
        card = await aof.phone(OMAR).next()
        assert "Renew" in card["text"]
        await aof.phone(OMAR).presses(card, "Message")
        await aof.phone(OMAR).next()
        listed = (await done(aof, "operator", "list")).out
        assert "approval_required" in listed
        assert "Waiting for operators: 1. aof operator list shows what." in (await done(aof, "status")).out
        assert CONTACT not in listed
        shown = (await done(aof, "operator", "show", "LEAD-9")).out
        assert "LEAD-9-d1, waiting, written by template" in shown
        assert "draft (LEAD-9-d1) by Omar" in shown
        (told,) = (await done(aof, "operator", "list", "--json")).json
        assert told == await standing(aof, "LEAD-9")
        assert "there is no opportunity" in await not_done(aof, "operator", "show", "LEAD-8")
