"""Which calls run, are asked for, or are refused."""

from datetime import timedelta

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from aof.domain.approval import Approvers, Party
from aof.domain.risk import Risk
from aof.tools.base import Context, Plan, Scope
from aof.tools.policy import ASKS, READS_ONLY, Classes, ContextRules, Policy, Rule

LEADS = Approvers(roles=frozenset({"lead"}))
AMINA = Party(key="person:Amina", name="Amina", roles=frozenset({"on-call"}), ids=frozenset({"whatsapp:+15550001001"}))


def plan(risk: Risk, *argv: str, tool: str = "kubectl", **target: str) -> Plan:
    return Plan(tool=tool, arguments={}, argv=argv or ("kubectl", risk.value), risk=risk, target=target)


def scope(platform: str = "whatsapp", context: str = "", **fields: object) -> Scope:
    made = Scope(requester=AMINA, platform=platform, context=Context(name=context))
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    return made


def does(policy: Policy, risk: Risk, **fields: object) -> str:
    return policy.rule_on(plan(risk), scope(**fields)).does


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (Policy(), "run run refuse refuse refuse"),
        (Policy(platforms={"whatsapp": READS_ONLY}), "run run refuse refuse refuse"),
        (Policy(platforms={"whatsapp": ASKS}), "run run ask ask refuse"),
        (Policy(platforms={"telegram": ASKS}), "run run refuse refuse refuse"),
    ],
)
def test_a_phone_only_reads_until_a_file_says_otherwise(policy, expected):
    assert [does(policy, risk) for risk in Risk] == expected.split()


@pytest.mark.parametrize("policy", [Policy(), Policy(platforms={"whatsapp": ASKS})])
def test_what_no_person_started_only_looks_and_not_where_secrets_are(policy):
    assert [does(policy, risk, attended=False) for risk in Risk] == ["run", *["refuse"] * 4]


def test_beside_a_paused_run_one_only_looks():
    assert [does(Policy(platforms={"whatsapp": ASKS}), risk, looks_only=True) for risk in Risk] == [
        "run",
        *["refuse"] * 4,
    ]


def test_secrets_are_asked_for_in_a_group():
    assert does(Policy(), Risk.SENSITIVE, is_group=True) == "ask"
    assert does(Policy(), Risk.READ, is_group=True) == "run"


def test_a_class_that_stands_in_no_list_is_refused():
    policy = Policy(contexts={"prod": ContextRules(by_platform={"whatsapp": Classes(runs=frozenset({Risk.READ}))})})
    assert [does(policy, risk, context="prod") for risk in Risk] == ["run", "run", "refuse", "refuse", "refuse"]


def test_a_sensitive_look_is_what_a_policy_says_of_it_else_what_it_says_of_looks():
    asks_reads = Classes(asks=frozenset({Risk.READ}))
    named = Classes(runs=frozenset({Risk.READ}), refuses=frozenset({Risk.SENSITIVE}))
    assert asks_reads.does(Risk.SENSITIVE) == "ask"
    assert named.does(Risk.SENSITIVE) == "refuse"


def test_what_is_refused_wins_over_what_is_asked_and_that_over_what_runs():
    all_of_them = frozenset(Risk)
    assert Classes(runs=all_of_them, asks=all_of_them, refuses=all_of_them).does(Risk.READ) == "refuse"
    assert Classes(runs=all_of_them, asks=all_of_them).does(Risk.READ) == "ask"


def test_a_context_replaces_the_classes_of_its_platform_only():
    loose = Classes(runs=frozenset({Risk.READ, Risk.WRITE}))
    policy = Policy(platforms={"whatsapp": READS_ONLY}, contexts={"dev": ContextRules(by_platform={"whatsapp": loose})})
    assert does(policy, Risk.WRITE, context="dev") == "run"
    assert does(policy, Risk.WRITE) == "refuse"
    assert does(policy, Risk.WRITE, context="dev", platform="telegram") == "refuse"


@pytest.mark.parametrize(
    ("rules", "argv", "target", "expected"),
    [
        (ContextRules(asks_always=True), "kubectl scale deploy/api", {}, "ask"),
        (
            ContextRules(asks_for=(regex.compile("rollout (restart|undo)"),)),
            "kubectl rollout undo deploy/api",
            {},
            "ask",
        ),
        (ContextRules(asks_for=(regex.compile("rollout (restart|undo)"),)), "kubectl scale deploy/api", {}, "run"),
        (ContextRules(guarded_namespaces=frozenset({"cranes"})), "kubectl scale x", {"namespace": "cranes"}, "ask"),
        (ContextRules(guarded_namespaces=frozenset({"cranes"})), "kubectl scale x", {"namespace": "web"}, "run"),
        (ContextRules(reads_only=True), "kubectl scale x", {}, "refuse"),
        # a pattern that takes for ever is no way round it
        (ContextRules(asks_for=(regex.compile("(a+)+$"),)), "kubectl scale " + "a" * 4000 + "b", {}, "ask"),
    ],
)
def test_a_context_makes_rulings_stricter(rules, argv, target, expected):
    loose = Policy(platforms={"whatsapp": Classes(runs=frozenset({Risk.READ, Risk.WRITE}))}, contexts={"prod": rules})
    ruling = loose.rule_on(plan(Risk.WRITE, *argv.split(), **target), scope(context="prod"))
    assert ruling.does == expected


def test_a_glob_asks_for_a_command_that_would_run():
    policy = Policy(platforms={"whatsapp": Classes(runs=frozenset(Risk))}, asks_for=("helm uninstall *",))
    assert policy.rule_on(plan(Risk.DELETE, "helm", "uninstall", "api"), scope()).does == "ask"
    assert policy.rule_on(plan(Risk.DELETE, "helm", "status", "api"), scope()).does == "run"


def test_nothing_makes_a_refusal_softer():
    rules = ContextRules(asks_always=True, guarded_namespaces=frozenset({"x"}))
    policy = Policy(contexts={"prod": rules}, asks_for=("*",))
    assert policy.rule_on(plan(Risk.WRITE, namespace="x"), scope(context="prod")).does == "refuse"


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"people": frozenset({"Amina"})}, True),
        ({"people": frozenset({"Omar"})}, False),
        ({"roles": frozenset({"on-call"})}, True),
        ({"roles": frozenset({"lead"})}, False),
        ({"tools": frozenset({"kubectl"})}, True),
        ({"tools": frozenset({"helm"})}, False),
        ({"risks": frozenset({Risk.WRITE})}, True),
        ({"risks": frozenset({Risk.DELETE})}, False),
        ({"contexts": frozenset({""})}, True),
        ({"contexts": frozenset({"prod"})}, False),
    ],
)
def test_a_rule_fits_by_person_role_tool_class_and_context(fields, fits):
    rule = Rule(does="run", name="one", **fields)
    assert (Policy(rules=[rule]).rule_on(plan(Risk.WRITE), scope()).does == "run") is fits


@pytest.mark.parametrize("does_", ["run", "ask"])
def test_what_is_dangerous_is_let_through_only_by_a_rule_that_says_so(does_):
    silent, outspoken = Rule(does=does_, name="one"), Rule(does=does_, name="one", risks=frozenset({Risk.DANGEROUS}))
    assert does(Policy(rules=[silent]), Risk.DANGEROUS) == "refuse"
    assert does(Policy(rules=[silent]), Risk.DELETE) == does_
    assert does(Policy(rules=[outspoken]), Risk.DANGEROUS) == does_


def test_the_first_rule_that_fits_decides():
    ask, run = Rule(does="ask", name="first"), Rule(does="run", name="second")
    ruling = Policy(rules=[ask, run]).rule_on(plan(Risk.WRITE), scope())
    assert (ruling.does, ruling.rule) == ("ask", "rule first")


def test_approvers_come_from_the_context_else_the_platform_else_the_daemon():
    boss, desk = Approvers(people=frozenset({"Boss"})), Approvers(people=frozenset({"Desk"}))
    policy = Policy(
        approvers={"": LEADS, "whatsapp": desk}, contexts={"prod": ContextRules(approvers=boss), "dev": ContextRules()}
    )
    assert policy.rule_on(plan(Risk.WRITE), scope(context="prod")).approvers == boss
    assert policy.rule_on(plan(Risk.WRITE), scope(context="dev")).approvers == desk
    assert policy.rule_on(plan(Risk.WRITE), scope(platform="telegram")).approvers == LEADS
    assert not Policy().rule_on(plan(Risk.WRITE), scope()).approvers.admits(AMINA)


def test_the_time_of_a_question_comes_from_the_nearest_place():
    minute = timedelta(minutes=1)
    ours = ContextRules(by_platform={"whatsapp": Classes(ask_for=2 * minute)}, ask_for=minute)
    policy = Policy(contexts={"prod": ours}, ask_for=3 * minute)
    assert policy.rule_on(plan(Risk.WRITE), scope(context="prod")).ask_for == minute
    assert policy.rule_on(plan(Risk.WRITE), scope()).ask_for == 3 * minute
    assert Policy().rule_on(plan(Risk.WRITE), scope()).ask_for == 30 * minute


def test_who_asked_may_approve_only_the_classes_that_a_file_names():
    policy = Policy(self_approval=frozenset({Risk.WRITE}), contexts={"prod": ContextRules(self_approval=frozenset())})
    assert policy.rule_on(plan(Risk.WRITE), scope()).approvers.allows_self
    assert not policy.rule_on(plan(Risk.DELETE), scope()).approvers.allows_self
    assert not policy.rule_on(plan(Risk.WRITE), scope(context="prod")).approvers.allows_self


classes = st.builds(
    Classes,
    runs=st.frozensets(st.sampled_from(Risk)),
    asks=st.frozensets(st.sampled_from(Risk)),
    refuses=st.frozensets(st.sampled_from(Risk)),
)


@given(classes, classes, st.sampled_from(Risk), st.booleans(), st.booleans())
def test_unattended_nothing_but_a_look_ever_runs(platform, context, risk, attended, looks_only):
    policy = Policy(platforms={"whatsapp": platform}, contexts={"c": ContextRules(by_platform={"whatsapp": context})})
    ruling = policy.rule_on(plan(risk), scope(context="c", attended=attended, looks_only=looks_only))
    if not attended or looks_only:
        assert ruling.does == ("run" if risk is Risk.READ else "refuse")
    elif ruling.does == "run":
        assert risk in context.runs or risk is Risk.SENSITIVE
