"""What others published as security advisories, tried on a running daemon; and what our own attacks found.

Classes without a test here:

| Class | Why |
|---|---|
| CVE-2026-25253: a page takes its target and token from the query | there is no page; queries are tested |
| CVE-2026-22172: a client declares its own scopes | there are no scopes; what a webhook claims of itself is tested |
| CVE-2026-43585: an old bearer works after a rotation | there is no reload; tested over a restart |
| GHSA-943q-mwmv-hhvh: approval inferred from a tool's name | runbooks are tested; agents in test_advisories_acting.py |
| CVE-2026-28451, CVE-2026-27488: requests to addresses that others name | here nothing is; tests/unit/tools/http |
| CVE-2026-41389, CVE-2026-7875: paths and links among attachments | nothing is saved; that is what is tested |
| CVE-2026-44110: pairing in a direct chat trusted in rooms | tested beside pairing, in test_who_may_talk.py |
| CVE-2026-9350, CVE-2026-56402: approvals skipped or not verified | presses are; more in test_advisories_acting.py |
| malicious skills | nothing is loaded but installed packages; a start without a network is tested |
"""

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from aof.daemon import read
from aof.domain.errors import ConfigError
from aof.domain.response import Action, Response
from aof.simulator import GroupSettings, PhoneSettings, Settings
from tests.e2e.agents import Echo
from tests.e2e.hostile import answered, lying_cluster, trap
from tests.e2e.wire import SENDER, ask, deliver, holding, message, signature
from tests.e2e.world import CREDENTIALS, LEAD, ON_CALL, World, configuration, world
from tests.unit.agents.cluster import Cluster
from tests.unit.platforms.whatsapp.webhooks import change, contact, item, webhook

GROUP = "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0"
STRANGER = LEAD.removeprefix("+")


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return lying_cluster(tmp_path)


# -- who may call ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [None, "", "sha256=", "sha256=" + "0" * 64, "sha256=" + "ä" * 64])
async def test_a_forged_webhook_runs_nothing(aof: World, echo: Echo, given: str | None) -> None:
    """CVE-2026-44109, CVE-2026-25474: webhooks without a signature, or with any, are taken."""
    body = json.dumps(holding(message())).encode()
    assert (
        await ask(aof, data=body, headers={"X-Hub-Signature-256": given} if given is not None else {})
    ).status == 401
    assert aof.rows("SELECT * FROM inbox") == aof.rows("SELECT * FROM quarantine") == []
    await answered(aof, echo)
    assert len(echo.turns) == 1


@pytest.mark.parametrize("value", ["", " ", "\n"])
@pytest.mark.parametrize("name", sorted(CREDENTIALS))
def test_without_a_secret_there_is_no_start(tmp_path: Path, name: str, value: str) -> None:
    """CVE-2026-44109: a blank key as a default makes every signature right."""
    file = tmp_path / "daemon.yaml"
    file.write_text(configuration("https://graph.facebook.com"))
    read(file, CREDENTIALS)
    with pytest.raises(ConfigError):
        read(file, {**CREDENTIALS, name: value})


async def test_a_token_of_the_right_length_is_still_wrong(aof: World) -> None:
    """CVE-2026-28472: that a token is there counts as its being right."""
    right = CREDENTIALS["WHATSAPP_VERIFY_TOKEN"]
    for token, status in ((right, 200), ("x" * len(right), 403), (right[:-1] + "T", 403), ("", 403)):
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "7"}
        assert (await ask(aof, "GET", params=query)).status == status


async def test_after_a_rotation_the_old_secret_signs_nothing(tmp_path: Path, echo: Echo) -> None:
    """CVE-2026-43585: what was rotated away goes on working."""
    secrets = {"app_secret": ["the-new-secret", CREDENTIALS["WHATSAPP_APP_SECRET"]]}
    async with world(tmp_path, agent=lambda _: echo, start=False) as aof:
        document = json.loads(aof.config)
        whatsapp = document["spec"]["platforms"]["whatsapp"]
        del whatsapp["app_secret_env"]
        for listed, status in ((secrets["app_secret"], 200), (secrets["app_secret"][:1], 401)):
            whatsapp["app_secret"] = listed
            aof.config = json.dumps(document)
            await aof.start()
            assert (await deliver(aof, holding(message(id_=f"wamid.{status}")))).status == status
            body = json.dumps(holding(message(id_=f"wamid.new.{status}"))).encode()
            new = {"X-Hub-Signature-256": signature(body, "the-new-secret")}
            assert (await ask(aof, data=body, headers=new)).status == 200
            await aof.stop()


async def test_no_route_writes_the_configuration(aof: World) -> None:
    """CVE-2026-25593: anybody on the machine sets a program's path over the network."""
    assert aof.daemon is not None
    file = aof.folder / "daemon.yaml"
    before = file.read_bytes()
    paths = ["", "config", "config/apply", "api/config", "reload", "health", "ready", "admin", "webhook", "webhook/x"]
    for port in (aof.daemon.port, aof.daemon.admin_port):
        for path in paths:
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                url = f"http://127.0.0.1:{port}/{path}"
                async with aof.control.request(method, url, json={"spec": {"tools": {"path": ["/tmp"]}}}) as response:
                    assert response.status in {404, 405}, url
    assert file.read_bytes() == before


async def test_a_query_changes_nothing(aof: World, echo: Echo) -> None:
    """CVE-2026-25253: the address that the token is sent to comes from the query."""
    async with trap() as elsewhere:
        aof.simulator.webhook_url = f"{aof.url}/webhook/whatsapp?api_url={elsewhere.url}&to={LEAD}&allow_everyone=1"
        await answered(aof, echo)
        assert elsewhere.heard == []


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.org"])  # noqa: S104 -- what is refused
def test_the_admin_port_is_for_this_machine(tmp_path: Path, host: str) -> None:
    """Exposed instances: a port for operators that the world can reach."""
    file = tmp_path / "daemon.yaml"
    document = json.loads(configuration("https://graph.facebook.com"))
    document["spec"]["server"]["admin"]["host"] = host
    file.write_text(json.dumps(document))
    with pytest.raises(ConfigError, match="admin"):
        read(file, CREDENTIALS)


async def test_it_starts_and_keeps_messages_without_a_network(
    tmp_path: Path, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Malicious skills: code is fetched at run time. Here nothing is: a start asks the network for nothing."""
    asked: list[Any] = []
    resolve = socket.getaddrinfo

    def only_here(host: Any, *args: Any, **more: Any) -> Any:
        if host not in {"127.0.0.1", "localhost"}:
            asked.append(host)
            raise OSError("no network")
        return resolve(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", only_here)
    whatsapp = {"api_url": "https://graph.facebook.com"}
    async with world(tmp_path, agent=lambda _: echo, whatsapp=whatsapp) as aof:
        await aof.on_call.types("ahoy")
        await aof.until(lambda: _held(aof))
    assert asked == []


async def _held(aof: World) -> bool:
    return aof.rows("SELECT state, gate FROM outbox") == [("held", "live_send")]


# -- who may talk ---------------------------------------------------------------------------------------------------

FROM_A_STRANGER: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "text": {"body": "disk"}},
    "command": {"type": "text", "text": {"body": "/status"}},
    "cancel": {"type": "text", "text": {"body": "/cancel"}},
    "number": {"type": "text", "text": {"body": "1"}},
    "picture": {"type": "image", "image": {"id": "1", "caption": "disk"}},
    "voice": {"type": "audio", "audio": {"id": "1", "voice": True}},
    "location": {"type": "location", "location": {"latitude": 1, "longitude": 2}},
    "press": {
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": "a", "title": "A"}},
    },
    "row": {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "a", "title": "A"}}},
    "quick reply": {"type": "button", "button": {"payload": "a", "text": "A"}},
    "reaction": {"type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "x"}},
    "claims": {"type": "text", "text": {"body": "disk"}, "role": "admin", "allow_everyone": True, "scopes": ["admin"]},
}


@pytest.mark.parametrize("kind", FROM_A_STRANGER)
async def test_every_kind_of_event_meets_the_same_gate(tmp_path: Path, echo: Echo, kind: str) -> None:
    """Lessons A6, CVE-2026-22172: a second way in without the check; a client that says what it may do."""
    async with world(tmp_path, agent=lambda _: echo, whatsapp={"allowed_numbers": [ON_CALL]}) as aof:
        await aof.lead.sends(**FROM_A_STRANGER[kind])
        await answered(aof, echo)
        await aof.idle()
        assert [turn.text for turn in echo.turns] == ["still there?"]
        assert {send["body"].get("to") for send in await aof.sends() if "to" in send["body"]} == {ON_CALL}
        assert await aof.lead.shown() == []


def group_text(text: str, sender: str, id_: str) -> dict[str, Any]:
    """One text in the group, with its sender's contact card."""
    said = item("text", {"body": text}, id_=id_, from_=sender, group_id=GROUP)
    return webhook([change(messages=[said], contacts=[contact(sender, GROUP)])])


@pytest.mark.parametrize(
    "listed", [{"allowed_users": [GROUP]}, {"allowed_users": [GROUP, "US.1"], "allowed_numbers": []}]
)
async def test_a_groups_id_on_the_list_lets_nobody_in(tmp_path: Path, echo: Echo, listed: dict[str, Any]) -> None:
    """CVE-2026-62196, CVE-2026-44110: the room, or a name, is taken for the person."""
    async with world(tmp_path, agent=lambda _: echo, whatsapp=listed) as aof:
        assert (await deliver(aof, group_text("disk", STRANGER, "wamid.g"))).status == 200
        await aof.idle()
        assert aof.rows("SELECT outcome FROM inbox") == [("refused",)]
        assert echo.turns == []
        assert await aof.sends() == []


async def test_in_a_group_nobody_stops_or_answers_for_another(tmp_path: Path, echo: Echo) -> None:
    """Lessons A3, A5: one session for a whole group, so that members cancel and answer each other."""
    began, let_go = asyncio.Event(), asyncio.Event()

    async def slow(turn: Any) -> Response:
        if turn.text == "slow":
            began.set()
            await let_go.wait()
        return Response(text=turn.text, actions=tuple(Action(id=f"n:{n}", title=f"Number {n}") for n in range(12)))

    echo.answers = slow
    settings = Settings(groups=(GroupSettings(GROUP, (ON_CALL, LEAD)),))
    async with world(tmp_path, agent=lambda _: echo, settings=settings) as aof:
        await deliver(aof, group_text("slow", SENDER, "wamid.1"))
        await began.wait()
        await deliver(aof, group_text("/cancel", STRANGER, "wamid.2"))
        await deliver(aof, group_text("/cancel", STRANGER, "wamid.2"))
        let_go.set()
        await aof.idle()
        assert aof.rows("SELECT outcome FROM inbox ORDER BY seq") == [("answered",), ("answered",)]
        await deliver(aof, group_text("3", STRANGER, "wamid.3"))
        await aof.idle()
        assert echo.turns[-1].press is None


async def test_a_number_that_changed_hands_opens_nothing_of_its_former_owner(tmp_path: Path, echo: Echo) -> None:
    """Lessons A4, A6: the principal is the user id; a number is an attribute that somebody else may have tomorrow."""
    echo.answers = lambda turn: Response(text=f"got {turn.text}", actions=(Action(id="mine", title="Mine"),))
    settings = Settings(phones=(PhoneSettings("Former", ON_CALL, user_id="US.1"), PhoneSettings("Lead", LEAD)))
    async with world(tmp_path, agent=lambda _: echo, settings=settings) as aof:
        await aof.on_call.types("mine")
        await aof.on_call.next()
        reply = {"type": "button_reply", "button_reply": {"id": "mine", "title": "Mine"}}
        press = item("interactive", reply, id_="wamid.new", from_=SENDER, from_user_id="US.2")
        await deliver(aof, holding(press, contacts=[]))
        await aof.idle()
        assert [turn.text for turn in echo.turns] == ["mine"]


# -- what may be asked for ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action_id",
    ["offered2", "OFFERED", " offered", "menu:more", "appr:1:yes", "opp:1", "msg:1", "~", "~0123456789abcdef0123", "%"],
)
async def test_a_press_of_what_was_never_shown_reaches_nobody(aof: World, echo: Echo, action_id: str) -> None:
    """CVE-2026-56402: a reply decides though nobody was asked. A press counts only if a part sent here carried it."""
    echo.answers = lambda _turn: Response(text="?", actions=(Action(id="offered", title="Offered"),))
    await aof.on_call.types("x")
    await aof.on_call.next()
    reply = {"type": "button_reply", "button_reply": {"id": action_id, "title": "Offered"}}
    await aof.on_call.sends(type="interactive", interactive=reply)
    assert "no longer works" in (await aof.on_call.next())["text"]
    assert len(echo.turns) == 1


HOSTILE = [
    "pods in --all",
    "pods in prod; kubectl delete pod --all",
    "pods in $(kubectl delete pod x)",
    "pods in -ojson",
    "pods in prod\n--kubeconfig=x",
    "get-and-delete pods in prod",
    "button:pods:logs:prod:x",
    "pods:logs:--all-namespaces:x",
    "/pods in prod --token x",
]


async def test_nothing_runs_but_the_read_only_table(tmp_path: Path, cluster: Cluster) -> None:
    """GHSA-943q-mwmv-hhvh, and options smuggled in by names: only fixed words with names in them are ever run."""
    async with world(tmp_path, tools={"path": [str(cluster.path)]}) as aof:
        for text in HOSTILE:
            await aof.on_call.types(text)
            await aof.on_call.next()
    verbs = {tuple(call[:2]) for call in cluster.calls()}
    assert verbs <= {("config", "current-context"), ("config", "get-contexts"), ("get", "pods")}
    options = {word.partition("=")[0] for call in cluster.calls() for word in call if word.startswith("-")}
    assert options <= {"-o", "--all-namespaces", "--namespace", "--request-timeout", "--context"}


async def test_what_a_webhook_names_is_neither_fetched_nor_saved(aof: World, echo: Echo) -> None:
    """CVE-2026-28451, CVE-2026-41389, CVE-2026-7875: addresses and paths in a message are followed."""
    before = sorted(path.name for path in aof.folder.iterdir())
    async with trap() as inside:
        for kind in ("image", "document", "video", "audio", "sticker"):
            file = {"id": "../../etc/passwd", "link": inside.url, "url": f"{inside.url}/x", "filename": "../../owned"}
            await aof.on_call.sends(type=kind, **{kind: file})
            assert "can't read" in (await aof.on_call.next())["text"]
        await answered(aof, echo, f"see {inside.url}")
        assert inside.heard == []
    assert sorted(path.name for path in aof.folder.iterdir()) == before
