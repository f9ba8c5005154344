"""The gate over the real ledger: what it lets run, for any policy, story of decisions, crash and repetition."""

import asyncio
import contextvars
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aof.clock import SteppedClock
from aof.domain.approval import USABLE_FOR, Approvers, Party, Proposal
from aof.domain.risk import Risk
from aof.store.approvals import NewApproval, Pause
from aof.store.base import TurnResult
from aof.store.sqlite import SQLiteStore
from aof.tools.base import CallRefused, Plan, Result, Scope
from aof.tools.gate import Asked, Gate, propose
from aof.tools.policy import ASKS, Classes, Policy
from tests.contract.store.home import message

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LOOKS = {Risk.READ, Risk.SENSITIVE}
ASKER = Party(key="ola", name="Ola")
PEOPLE = [Party(key=name.lower(), name=name) for name in ("Ada", "Ben")]
CALL: contextvars.ContextVar[tuple[str, str]] = contextvars.ContextVar("CALL")
"""The run and the call that a performed plan belongs to; a plan does not say it."""


class Crash(BaseException):
    """The daemon dies inside an effect."""


@dataclass
class Lever:
    """Checks each effect when it comes, and does what the arguments say."""

    check: Callable[[Plan, Scope], Awaitable[None]]
    performed: list[tuple[tuple[str, str], Plan]] = field(default_factory=list)
    wrong: list[AssertionError] = field(default_factory=list)
    """The gate takes whatever a tool raises for an end of its step, so what a check finds is kept."""
    name: str = "lever"
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    async def plan(self, arguments: Mapping[str, Any], scope: Scope) -> Plan:
        if arguments["ends"] == "refused":
            raise CallRefused("no")
        words = (arguments["risk"], arguments["what"], arguments["ends"])
        return Plan("lever", dict(arguments), ("lever", *words), Risk(arguments["risk"]))

    async def perform(self, plan: Plan, scope: Scope) -> Result:
        try:
            await self.check(plan, scope)
        except AssertionError as error:
            self.wrong.append(error)
        self.performed.append((CALL.get(), plan))
        await asyncio.sleep(0)
        match plan.arguments["ends"]:
            case "broken":
                raise RuntimeError("broken")
            case "killed":
                raise Crash
            case "failed" | "unknown" as ends:
                return Result(ends, failed=True, is_unknown=ends == "unknown")
        return Result("done")


@dataclass
class Story:
    """A gate, its ledger, and what people do."""

    store: SQLiteStore
    path: Path
    policy: Policy
    clock: SteppedClock = field(default_factory=lambda: SteppedClock(START))
    said: int = 0
    asked: dict[tuple[str, str], Proposal] = field(default_factory=dict)
    """Questions that no pause holds yet."""
    shown: dict[str, Proposal] = field(default_factory=dict)
    """By approval."""
    effects: list[tuple[str, str]] = field(default_factory=list)
    """What was performed and is more than a look that nobody is asked about."""

    def __post_init__(self) -> None:
        self.lever = Lever(self.may_run)
        self.gate = self.made()

    def made(self) -> Gate:
        async def reach(proposal: Proposal) -> list[str]:
            return ["Kim", "Lou", "Mo"]

        return Gate(self.store, self.clock, self.policy, reach=reach, killswitch=lambda: self.store.is_on("killswitch"))

    def scope(self, run: str) -> Scope:
        return Scope(run=run, agent="ops", digest="d1", requester=ASKER, platform="whatsapp")

    async def may_run(self, plan: Plan, scope: Scope) -> None:
        """What has to be true of every effect, at the moment it begins."""
        run, call = CALL.get()
        ruling = self.policy.rule_on(plan, scope)
        if ruling.does == "run" and plan.risk is Risk.READ and await self.store.approval_of(run, call) is None:
            return
        assert (run, call) not in self.effects, "it ran before"
        self.effects.append((run, call))
        step = await self.store.step(run, call)
        assert step is not None, "nothing was written down before it began"
        assert (step.state, step.argv, step.risk) == ("running", plan.argv, plan.risk)
        row = await self.store.approval_of(run, call)
        if row is None:
            assert ruling.does == "run", "nobody let it run"
        else:
            assert row.state == "running"
            assert step.admitted_by == row.id
            assert sum(vote.verdict == "approve" for vote in row.votes) >= row.proposal.approvers.needed
            now = propose(plan, scope, call, ruling).proposal
            assert now.fingerprint(row.expires_at) == row.fingerprint == step.fingerprint
            assert self.shown[row.id].argv == row.proposal.argv == plan.argv
        if plan.risk not in LOOKS:
            assert not await self.store.is_on("killswitch")
            earlier = [one.state for one in await self.store.steps_of(run) if one.call != call]
            assert "failed" not in earlier
            assert "unknown" not in earlier

    async def call(self, run: str, call: str, *, times: int = 1, **arguments: str) -> list[Any]:
        """Make the same call, so many times at once."""

        async def one() -> Any:
            CALL.set((run, call))
            return await self.gate.call(self.lever, arguments, self.scope(run), call)

        outcomes = await asyncio.gather(*(one() for _ in range(times)), return_exceptions=True)
        if self.lever.wrong:
            raise self.lever.wrong[0]
        if any(isinstance(outcome, Crash) for outcome in outcomes):
            await self.restart()
        for outcome in outcomes:
            # a look has no step that needs an end, so what it raises goes to the agent
            is_of_a_look = isinstance(outcome, RuntimeError) and arguments["risk"] == "read"
            assert is_of_a_look or isinstance(outcome, Result | Asked | Crash), outcome
            if isinstance(outcome, Asked):
                assert outcome.ruling.does == "ask"
                self.asked[run, call] = outcome.proposal
        return outcomes

    async def pause(self, run: str) -> None:
        """Ask people what of the run is not asked yet."""
        self.said += 1
        now = self.clock.now()
        await self.store.accept([message(f"m{self.said}")], now=now)
        found = await self.store.lease_events(now=now, lease_for=timedelta(minutes=1), most=99, per_person=99)
        asks = []
        for (of, call), proposal in list(self.asked.items()):
            if of != run:
                continue
            del self.asked[of, call]
            id_, expires = f"a{len(self.shown)}", now + timedelta(minutes=30)
            self.shown[id_] = proposal
            asks.append(NewApproval(id_, proposal, proposal.fingerprint(expires), expires, expires, ()))
        pause = Pause(run, "ops", "d1", ASKER, "{}", tuple(asks)) if asks else None
        for n, lease in enumerate(found.leases):
            await self.store.finish(lease, TurnResult("done", "asked", pause=None if n else pause), now=now)

    async def vote(self, which: int, person: int, verdict: Any) -> None:
        if self.shown:
            self.said += 1
            id_, now = f"a{which % len(self.shown)}", self.clock.now()
            await self.store.vote(
                id_, PEOPLE[person], verdict, event=f"v{self.said}", note="", now=now, use_by=now + USABLE_FOR
            )

    async def restart(self) -> None:
        await self.store.close()
        self.store = await SQLiteStore.open(self.path)
        await self.store.settle_unknown(now=self.clock.now())
        self.gate = self.made()

    async def told_truly(self) -> None:
        """The journal says of each effect what became of it, and of nothing else."""
        ran = dict(self.lever.performed)
        steps = [step for run in RUNS for step in await self.store.steps_of(run)]
        ends = {"done": "done", "failed": "failed"}
        for step in steps:
            assert (step.run, step.call) in ran
            assert step.state == ends.get(ran[step.run, step.call].arguments["ends"], "unknown")


RUNS = ["r1", "r2"]
RISKS = st.sampled_from([*Risk])
DOES = st.sampled_from(["run", "ask", "refuse"])
ENDS = st.sampled_from(["done", "done", "done", "failed", "unknown", "broken", "killed", "refused"])
policies = st.builds(
    lambda does, needed: Policy(
        platforms={
            "whatsapp": Classes(
                *(frozenset(risk for risk, one in does.items() if one == wanted) for wanted in ("run", "ask", "refuse"))
            )
        },
        approvers={"": Approvers(everyone=True, needed=needed)},
    ),
    st.fixed_dictionaries(dict.fromkeys(Risk, DOES)),
    st.integers(1, 2),
)
operations = st.one_of(
    st.tuples(
        st.just("call"), st.sampled_from(RUNS), st.sampled_from(["c1", "c2", "c3"]), st.integers(1, 3), RISKS,
        st.sampled_from("xy"), ENDS,
    ),
    st.tuples(st.just("pause"), st.sampled_from(RUNS)),
    st.tuples(st.just("vote"), st.integers(0, 9), st.integers(0, 1), st.sampled_from(["approve"] * 4 + ["deny"])),
    st.tuples(st.just("wait"), st.sampled_from([1, 301, 1801])),
    st.tuples(st.just("restart")),
    st.tuples(st.just("policy"), policies),
    st.tuples(st.just("switch"), st.booleans()),
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(policies, st.lists(operations, min_size=4, max_size=25))
def test_nothing_runs_but_once_as_it_was_shown_and_let(policy: Policy, story: list[Any]) -> None:
    asyncio.run(_told(policy, story))


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["c1", "c2"]), st.sampled_from(["write", "delete"]), ENDS, st.integers(1, 3)),
        min_size=1, max_size=5,
    ),
    st.lists(st.sampled_from(["restart", "wait", "again", "other"]), max_size=4),
)  # fmt: skip
def test_what_is_asked_and_approved_runs_once(calls: list[Any], after: list[str]) -> None:
    """As above, with stories that get as far as an approved effect."""
    story: list[Any] = []
    for name, risk, ends, times in calls:
        called = ("call", "r1", name, times, Risk(risk), "x", ends)
        story += [called, ("pause", "r1"), *(("vote", n, 0, "approve") for n in range(9)), called]
        other = ("call", "r1", name, times, Risk(risk), "y", ends)
        between = {"other": other, "restart": ("restart",), "wait": ("wait", 301), "again": called}
        story += [between[one] for one in after] + [called]
    policy = Policy(platforms={"whatsapp": ASKS}, approvers={"": Approvers(everyone=True)})
    asyncio.run(_told(policy, story))


async def _told(policy: Policy, story: list[Any]) -> Story:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "aof.db"
        told = Story(await SQLiteStore.open(path), path, policy)
        for name, *given_ in story:
            match name:
                case "call":
                    run, call, times, risk, what, ends = given_
                    await told.call(run, call, times=times, risk=risk.value, what=what, ends=ends)
                case "pause":
                    await told.pause(*given_)
                case "vote":
                    await told.vote(*given_)
                case "wait":
                    told.clock.advance(*given_)
                    await told.store.lapse(now=told.clock.now())
                case "restart":
                    await told.restart()
                case "policy":
                    told.policy = given_[0]
                    told.gate = told.made()
                case "switch":
                    await told.store.switch("killswitch", on=given_[0], by="ada", now=told.clock.now())
                    if given_[0]:
                        await told.store.void_all(by="killswitch", now=told.clock.now())
            await told.gate.drain(5)
        await told.told_truly()
        await told.store.close()
        return told


# -- one at a time ----------------------------------------------------------------


@pytest.fixture
async def asking(tmp_path: Path) -> Any:
    """What a phone may do whose `safety.read_only` is false."""
    policy = Policy(platforms={"whatsapp": ASKS}, approvers={"": Approvers(everyone=True)})
    story = Story(await SQLiteStore.open(tmp_path / "aof.db"), tmp_path / "aof.db", policy)
    yield story
    await story.store.close()


WRITE = {"risk": "write", "what": "x", "ends": "done"}


async def let(story: Story, *calls: tuple[str, dict[str, str]]) -> None:
    """Ask about these and approve them all."""
    before = len(story.shown)
    for call, arguments in calls:
        (asked,) = await story.call("r1", call, **arguments)
        assert isinstance(asked, Asked)
    await story.pause("r1")
    for which in range(before, len(story.shown)):
        await story.vote(which, 0, "approve")


async def test_the_same_call_made_many_times_at_once_runs_once(asking: Story) -> None:
    await let(asking, ("c1", WRITE))
    outcomes = await asking.call("r1", "c1", times=5, **WRITE)
    assert [outcome.text for outcome in outcomes].count("done") == 1
    assert all(outcome.failed for outcome in outcomes if outcome.text != "done")
    assert len(asking.lever.performed) == 1
    assert (await asking.call("r1", "c1", **WRITE))[0] == Result("done")
    assert len(asking.lever.performed) == 1


async def test_an_approval_is_for_its_command_alone(asking: Story) -> None:
    await let(asking, ("c1", WRITE))
    (outcome,) = await asking.call("r1", "c1", **{**WRITE, "what": "y"})
    assert "differs" in outcome.text
    (outcome,) = await asking.call("r1", "c1", **WRITE)
    assert "not run" in outcome.text, "an approval that was tried with another command is used up"
    assert asking.lever.performed == []


@pytest.mark.parametrize("changed", [{"digest": "d2"}, {"requester": Party(key="eve")}, {"agent": "other"}])
async def test_an_approval_is_for_its_run_alone(asking: Story, changed: dict[str, Any]) -> None:
    await let(asking, ("c1", WRITE))
    CALL.set(("r1", "c1"))
    outcome = await asking.gate.call(asking.lever, WRITE, replace(asking.scope("r1"), **changed), "c1")
    assert isinstance(outcome, Result)
    assert "differs" in outcome.text
    assert asking.lever.performed == []


@pytest.mark.parametrize("ends", ["failed", "unknown", "broken"])
async def test_after_a_failed_step_no_write_of_its_run_is_done_or_asked_for(asking: Story, ends: str) -> None:
    await let(asking, ("c1", {**WRITE, "ends": ends}), ("c2", WRITE))
    await asking.call("r1", "c1", **{**WRITE, "ends": ends})
    # each call has a scope of its own here, as one has after a pause or a restart
    (outcome,) = await asking.call("r1", "c2", **WRITE)
    assert outcome.text == "not run: an earlier step failed"
    await asking.restart()
    (outcome,) = await asking.call("r1", "c3", **WRITE)
    assert outcome.text == "not run: an earlier step failed"
    assert [plan.arguments["ends"] for _, plan in asking.lever.performed] == [ends]
    assert (await asking.call("r1", "c4", **{**WRITE, "risk": "read"}))[0] == Result("done")
    assert isinstance((await asking.call("r2", "c1", **WRITE))[0], Asked), "another run starts afresh"


async def test_a_daemon_that_died_inside_an_effect_never_repeats_it(asking: Story) -> None:
    await let(asking, ("c1", {**WRITE, "ends": "killed"}))
    await asking.call("r1", "c1", **{**WRITE, "ends": "killed"})
    for _ in range(2):
        (outcome,) = await asking.call("r1", "c1", **{**WRITE, "ends": "killed"})
        assert outcome.is_unknown
    assert len(asking.lever.performed) == 1
    row = await asking.store.approval_of("r1", "c1")
    assert row is not None
    assert row.state == "unknown"


async def test_a_look_is_never_asked_for_and_dangers_never_run(asking: Story) -> None:
    for risk, ran in ((Risk.READ, True), (Risk.SENSITIVE, True), (Risk.DANGEROUS, False)):
        (outcome,) = await asking.call("r1", risk.value, risk=risk.value, what="x", ends="done")
        assert isinstance(outcome, Result)
        assert outcome.failed is not ran
    assert [plan.risk for _, plan in asking.lever.performed] == [Risk.READ, Risk.SENSITIVE]


async def test_an_approval_that_was_not_used_in_time_runs_nothing(asking: Story) -> None:
    await let(asking, ("c1", WRITE))
    asking.clock.advance(USABLE_FOR.total_seconds())
    (outcome,) = await asking.call("r1", "c1", **WRITE)
    assert outcome.failed
    assert asking.lever.performed == []
