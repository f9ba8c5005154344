"""What the guides of agents, policy and approvals claim is what the code does."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from aof.agents.llm.providers import _SOURCES
from aof.config.providers import KEYS
from aof.daemon import read
from aof.daemon.policy import approvers_of, policy_of
from aof.domain.approval import NUDGE_AT, USABLE_FOR, Approvers, Party, Proposal
from aof.domain.risk import Risk
from aof.formatting.markup import Markup, convert
from aof.texts import approvals as texts
from aof.texts.language import Language
from aof.tools.base import Plan, Scope
from aof.tools.classify import Tables, split
from aof.tools.policy import ASKS, READS_ONLY
from aof.tools.programs.follow_ups import follow_ups
from tests.docs.pages.source import ROOT
from tests.docs.reading import blocks
from tests.docs.test_blocks import _piece
from tests.docs.test_troubleshooting import _is_said

GUIDES = ROOT / "docs" / "guides"
AGENTS, POLICY, APPROVALS = (
    (GUIDES / f"{name}.md").read_text() for name in ("agents", "tools-and-policy", "approvals")
)


def _rows(page: str, heading: str) -> list[list[str]]:
    """The first table under a heading, without its head."""
    section = page.partition(f"{heading}\n")[2].partition("\n#")[0]
    table = re.search(r"((?:^\|.*\n)+)", section, re.MULTILINE)
    assert table, heading
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table[1].splitlines()[2:]]


def test_the_example_of_each_class_has_that_class() -> None:
    tables = Tables.built_in()
    rows = _rows(POLICY, "## Classes")
    assert [row[0].strip("` ") for row in rows] == [str(risk) for risk in Risk]
    for name, _, example in rows:
        assert str(tables.classify(split(example.strip(" `"))).risk) == name.strip("` ")


def test_what_a_platform_lets_happen_is_the_policys() -> None:
    for name, reads_only, asks in _rows(POLICY, "## What a platform lets happen"):
        risk = Risk(name.strip("` "))
        assert (READS_ONLY.does(risk), ASKS.does(risk)) == (reads_only, asks.strip(" |"))


def test_the_rules_of_the_example_do_what_is_said_of_them(tmp_path: Path) -> None:
    (block,) = (one for one in blocks(GUIDES / "tools-and-policy.md") if "leads-restart" in one.text)
    file = tmp_path / "daemon.yaml"
    file.write_text(_piece(yaml.safe_load(block.text)["spec"]), encoding="utf-8")
    assembly = read(file, dict.fromkeys(("WHATSAPP_ACCESS_TOKEN", "WHATSAPP_VERIFY_TOKEN", "WHATSAPP_APP_SECRET"), "x"))
    policy = policy_of(assembly)

    def ruled(role: str, risk: Risk, *argv: str) -> str:
        party = Party(key=role, roles=frozenset({role}))
        return policy.rule_on(Plan("kubectl", {}, argv, risk), Scope(platform="whatsapp", requester=party)).does

    restart = ("kubectl", "rollout", "restart", "deploy/api")
    assert ruled("lead", Risk.WRITE, *restart) == "run"
    assert ruled("on-call", Risk.WRITE, *restart) == "ask"
    assert {ruled(role, Risk.DELETE, "kubectl", "delete", "pod", "x") for role in ("lead", "on-call")} == {"refuse"}
    assert ruled("lead", Risk.WRITE, "helm", "uninstall", "shop") == "ask"


@pytest.mark.parametrize("written", ["@lead", "Omar", "+4915187654321", "*"])
def test_each_way_to_write_an_approver_admits_the_lead(written: str) -> None:
    assert any(written in row[0] for row in _rows(APPROVALS, "## Who may approve"))
    omar = Party(key="person:Omar", name="Omar", roles=frozenset({"lead"}), ids=frozenset({"whatsapp:+4915187654321"}))
    stranger = Party(key="whatsapp:+1", ids=frozenset({"whatsapp:+1"}))
    approvers = approvers_of([written], ["whatsapp"], 1)
    assert approvers.admits(omar)
    assert approvers.admits(stranger) is (written == "*")
    assert not approvers_of([], ["whatsapp"], 1).admits(omar)


def test_the_card_of_the_guide_is_what_a_phone_shows() -> None:
    front = ("kubectl", "--context", "production", "-n", "shop")
    argv = (*front, "rollout", "restart", "deploy/api")
    judged = Tables.built_in().classify(argv)
    proposal = Proposal(
        tool="kubectl", arguments={}, argv=argv, risk=judged.risk, why=judged.why, agent="operator", digest="",
        target={"context": "production", "namespace": "shop"}, requester=Party(key="person:Amina", name="Amina"),
        approvers=Approvers(needed=2), run="r1", call="1", reason="it answers slowly since the deploy",
        undo=follow_ups(argv, front).undo,
    )  # fmt: skip
    shown = texts.card(
        Language.ENGLISH, proposal, requester="Amina", left=timedelta(minutes=10), editor="", before=(), again=False,
        fingerprint=proposal.fingerprint(datetime(2026, 1, 1, tzinfo=UTC)),
    )  # fmt: skip
    (sample,) = (block.text for block in blocks(GUIDES / "approvals.md") if block.language == "text")
    assert _lines(convert(shown, Markup.WHATSAPP)) == _lines(sample)[:-1]


def _lines(text: str) -> list[str]:
    """Without the sign of the status, empty lines, the marks of code and the fingerprint, which differs."""
    plain = [line.removeprefix("⚠️ ") for line in text.splitlines() if line.strip(" `")]
    return [line for line in plain if not line.startswith("- Fingerprint: ")]


def test_the_times_are_those_of_the_code() -> None:
    assert timedelta(minutes=5) == USABLE_FOR
    assert "has five minutes for that" in APPROVALS
    assert NUDGE_AT == 2 / 3
    assert "When two thirds of the time are over" in APPROVALS


@pytest.mark.parametrize("page", [APPROVALS, AGENTS], ids=["approvals", "agents"])
def test_what_a_phone_says_is_said_by_the_code(page: str) -> None:
    quotes = [
        quote
        for quote in re.findall(r"`([^`\n]+)`", page)
        if re.match(r"[✅⛔⌛🚫❌⚠]|Withdrawn|Not run|Agent ", quote)
    ]
    assert len(quotes) > 3
    for quote in quotes:
        said = quote.replace("operator", "…").replace("ANTHROPIC_API_KEY is not set", "…").replace("Omar", "…")
        assert _is_said(said.replace("1 open", "… open")), quote


def test_every_provider_has_its_row() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    rows = {row[0].strip("` ").partition(":")[0]: row[1:] for row in _rows(AGENTS, "## Models")}
    assert set(rows) == set(_SOURCES)
    for provider, (extra, key, _) in rows.items():
        assert extra == f"`aof[{_SOURCES[provider].extra}]`"
        assert _SOURCES[provider].extra in extras
        assert key.strip("| ") == (f"`{KEYS[provider]}`" if provider in KEYS else key.strip("| "))
