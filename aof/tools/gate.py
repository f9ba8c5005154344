"""The one place that every call passes: understood, judged, asked for, claimed, done, and written down.

Nothing runs around it: agents, runbooks and operators' commands all hold tools only through a gate.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from aof.clock import Clock
from aof.domain.approval import Party, Proposal
from aof.domain.errors import StoreBusy
from aof.domain.risk import Risk
from aof.logs import get
from aof.store.approvals import ApprovalRow, Ledger, Step
from aof.texts import calls as texts
from aof.tools.base import CallRefused, Plan, Ran, Result, Scope, Tool
from aof.tools.policy import Policy, Ruling

log = get(__name__)

_EPOCH = datetime.fromtimestamp(0, UTC)
_SAID = {
    "argv": "the command",
    "risk": "its class",
    "digest": "the agent's configuration",
    "target": "where it runs",
    "approvers": "who may approve",
}
_LOOKS = frozenset({Risk.READ, Risk.SENSITIVE})
_WITHHELD = Result("not run: an earlier step failed", failed=True)
MOST_KEPT = 8_000
"""Characters of a step's result in the journal; the whole of it goes to the agent once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The call waits for people."""

    proposal: Proposal
    ruling: Ruling


Reach = Callable[[Proposal], Awaitable[Sequence[str]]]
"""The names of the people who may decide and can be written to."""


class Gate:
    """Decides about calls, and runs those that are let through."""

    def __init__(
        self, ledger: Ledger, clock: Clock, policy: Policy, *, reach: Reach, killswitch: Callable[[], Awaitable[bool]]
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._policy = policy
        self._reach = reach
        self._killswitch = killswitch
        self._effects: set[asyncio.Task[Result]] = set()

    async def call(self, tool: Tool, arguments: Mapping[str, Any], scope: Scope, call: str) -> Result | Asked:
        """What comes of a call: its result, a refusal as a failed result, or the question that it waits for.

        Args:
            call: Names the call within its run; the same name never runs twice.
        """
        scope.record.context = scope.context.name
        try:
            plan = await tool.plan(arguments, scope)
        except CallRefused as error:
            scope.record.refused.append(texts.call_refused(scope.language, str(error)))
            return Result(f"refused: {error}", failed=True)
        known = await self._ledger.step(scope.run, call)
        if known is not None:
            return self._recorded(known, plan, scope)
        row = await self._ledger.approval_of(scope.run, call)
        if row is not None:
            return await self._decided(row, tool, plan, scope)
        return await self._judged(tool, plan, scope, call)

    def judge(self, plan: Plan, scope: Scope) -> Ruling:
        """What the policy says of a plan; nothing is asked or run."""
        return self._policy.rule_on(plan, scope)

    def may_lift(self, party: Party, platform: str) -> bool:
        """Whether somebody may let changes happen again: whom the general rule names."""
        return self._policy.approvers_on(platform).admits(party)

    async def drain(self, grace_seconds: float) -> int:
        """Let effects that are under way end; return how many did not in time: those are cut, and unknown from then."""
        if not self._effects:
            return 0
        _, left = await asyncio.wait(self._effects, timeout=grace_seconds)
        for effect in left:
            effect.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return len(left)

    # -- a call that nobody has decided about ---------------------------------------------------------------------

    async def _judged(self, tool: Tool, plan: Plan, scope: Scope, call: str) -> Result | Asked:
        ruling = self._policy.rule_on(plan, scope)
        if ruling.does == "refuse":
            return self._refuse(refusal(plan, scope, ruling), "blocked by policy", scope)
        if plan.risk not in _LOOKS and await self._killswitch():
            return self._refuse(texts.switched_off(scope.language, plan.argv), "the kill switch is on", scope)
        if ruling.does == "run":
            if plan.risk is Risk.READ:
                with _doing(plan, scope):
                    return await tool.perform(plan, scope)
            return await self._perform(tool, plan, scope, call, approval="", admitted_by=ruling.rule)
        if await self._is_stopped(plan, scope):
            return _WITHHELD
        proposal = _proposal(plan, scope, call, ruling)
        who, needed = await self._reach(proposal), proposal.approvers.needed
        if len(who) < needed:
            too_few = f"{needed} people have to approve it, and only {len(who)} can be asked"
            return self._refuse(
                texts.too_few_to_ask(scope.language, plan.argv, needed, who),
                too_few if who else "nobody who may approve can be asked",
                scope,
            )
        return Asked(proposal, ruling)

    def _refuse(self, sentence: str, for_agent: str, scope: Scope) -> Result:
        if sentence not in scope.record.refused:
            scope.record.refused.append(sentence)
        return Result(f"not run: {for_agent}", failed=True)

    # -- a call that was asked for ----------------------------------------------------------------------------------

    async def _decided(self, row: ApprovalRow, tool: Tool, plan: Plan, scope: Scope) -> Result:
        match row.state:
            case "approved":
                return await self._approved(row, tool, plan, scope)
            case "denied":
                return Result(f"not run: denied by {row.decided_by}", failed=True)
            case "lapsed":
                return Result("not run: nobody decided in time", failed=True)
            case _:
                return Result(f"not run: the question about it is {row.state}", failed=True)

    async def _approved(self, row: ApprovalRow, tool: Tool, plan: Plan, scope: Scope) -> Result:
        ruling = self._policy.rule_on(plan, scope)
        proposal = _proposal(plan, scope, row.call, ruling)
        if ruling.does == "refuse":
            await self._ledger.void([row.id], by="policy", now=self._clock.now())
            return self._refuse(refusal(plan, scope, ruling), "not allowed any more", scope)
        if await self._killswitch():
            await self._ledger.void([row.id], by="killswitch", now=self._clock.now())
            return self._refuse(texts.switched_off(scope.language, plan.argv), "the kill switch is on", scope)
        if proposal.fingerprint(row.expires_at) != row.fingerprint:
            await self._ledger.void([row.id], by="changed", now=self._clock.now())
            changed = ", ".join(differences(row.proposal, proposal))
            return self._refuse(
                texts.differs(scope.language, plan.argv, differences(row.proposal, proposal)),
                f"it differs from what was approved: {changed}",
                scope,
            )
        return await self._perform(
            tool, plan, scope, row.call, approval=row.id, admitted_by=row.id, approved_by=row.decided_by,
            fingerprint=row.fingerprint,
        )  # fmt: skip

    async def _perform(
        self,
        tool: Tool,
        plan: Plan,
        scope: Scope,
        call: str,
        *,
        approval: str,
        admitted_by: str,
        approved_by: str = "",
        fingerprint: str = "",
    ) -> Result:
        now = self._clock.now()
        step = Step(
            run=scope.run,
            call=call,
            tool=plan.tool,
            risk=plan.risk,
            fingerprint=fingerprint or _digest(plan, scope, call),
            admitted_by=admitted_by,
            state="running",
            argv=plan.argv,
            result="",
            started_at=now,
            ended_at=None,
        )
        if await self._is_stopped(plan, scope):
            if approval:
                await self._ledger.void([approval], by="earlier step", now=now)
            return _WITHHELD
        if not await self._ledger.claim(step, approval=approval, now=now):
            return Result("not run: it was begun before, or may not run any more", failed=True)
        # a deadline or a stop of the run must not cut an effect in the middle
        effect = asyncio.create_task(
            self._effect(tool, plan, scope, step, approved_by), name=f"step-{scope.run}-{call}"
        )
        self._effects.add(effect)
        effect.add_done_callback(self._effects.discard)
        return await asyncio.shield(effect)

    async def _is_stopped(self, plan: Plan, scope: Scope) -> bool:
        """Whether a change comes after one of its run that failed, before or after a pause: people look first."""
        if plan.risk in _LOOKS:
            return False
        return any(step.state in {"failed", "unknown"} for step in await self._ledger.steps_of(scope.run))

    async def _effect(self, tool: Tool, plan: Plan, scope: Scope, step: Step, approved_by: str) -> Result:
        try:
            with _doing(plan, scope):
                result = await tool.perform(plan, scope)
        except Exception as error:  # whatever a tool raises, its step gets an end
            log.exception("step_broken", run=step.run, tool=step.tool)
            result = Result(f"the tool broke: {type(error).__name__}", failed=True, is_unknown=True)
        state: Literal["done", "failed", "unknown"] = (
            "unknown" if result.is_unknown else "failed" if result.failed else "done"
        )
        await self._written(step, state, result.text[:MOST_KEPT])
        scope.record.ran.append(Ran(plan.argv, state, result.text, approved_by, plan.check))
        return result

    async def _written(self, step: Step, state: Literal["done", "failed", "unknown"], text: str) -> None:
        """Keep what came of a step. A busy store is asked again: given up, the step would count as unknown.

        Raises:
            StoreBusy: It stays busy.
        """
        for wait_seconds in (0.2, 1.0, 3.0):
            try:
                return await self._ledger.end_step(step.run, step.call, state, text, now=self._clock.now())
            except StoreBusy as error:
                log.warning("store_refused", during="end_step", reason=str(error))
                await self._clock.sleep(wait_seconds)
        return await self._ledger.end_step(step.run, step.call, state, text, now=self._clock.now())

    def _recorded(self, step: Step, plan: Plan, scope: Scope) -> Result:
        """The journal answers for a call that was begun before; nothing runs."""
        if step.argv != plan.argv:
            return Result("not run: a call of this name was made before with another command", failed=True)
        match step.state:
            case "done" | "failed":
                scope.record.ran.append(Ran(step.argv, step.state, step.result))
                return Result(step.result, failed=step.state == "failed")
            case _:
                scope.record.ran.append(Ran(step.argv, "unknown", "", check=plan.check))
                return Result("unknown: it may or may not have taken effect; check before repeating it",
                              failed=True, is_unknown=True)  # fmt: skip


@contextmanager
def _doing(plan: Plan, scope: Scope) -> Iterator[None]:
    """For whoever waits: this runs now."""
    scope.record.doing.append(plan.argv)
    try:
        yield
    finally:
        scope.record.doing.remove(plan.argv)


def _proposal(plan: Plan, scope: Scope, call: str, ruling: Ruling) -> Proposal:
    return Proposal(
        tool=plan.tool,
        arguments=dict(plan.arguments),
        argv=plan.argv,
        risk=plan.risk,
        agent=scope.agent,
        digest=scope.digest,
        target=dict(plan.target) | ({"place": scope.context.name} if scope.context.name else {}),
        requester=scope.requester,
        approvers=ruling.approvers,
        run=scope.run,
        call=call,
        why=plan.why,
        reason=plan.reason,
        undo=plan.undo,
        dry_run=plan.dry_run,
    )


def propose(plan: Plan, scope: Scope, call: str, ruling: Ruling) -> Asked:
    """The question about a call, as the gate would ask it."""
    return Asked(_proposal(plan, scope, call, ruling), ruling)


def refusal(plan: Plan, scope: Scope, ruling: Ruling) -> str:
    """The sentence about a call that the policy refuses."""
    if scope.looks_only:
        return texts.another_waits(scope.language, plan.argv)
    return texts.blocked(
        scope.language, plan.argv, plan.risk, ruling.message, platform=scope.platform, only_looks=ruling.only_looks
    )


def _digest(plan: Plan, scope: Scope, call: str) -> str:
    """Of a step that nobody had to approve."""
    return _proposal(plan, scope, call, Ruling("run", "")).fingerprint(_EPOCH)


def differences(shown: Proposal, now: Proposal) -> list[str]:
    """What of a proposal is not as it was shown, in words of the ledger."""
    names = ("argv", "arguments", "risk", "tool", "agent", "digest", "target", "approvers", "requester")
    # in which order they are asked changes nobody's right
    shown, now = _unordered(shown), _unordered(now)
    return [_SAID.get(name, name) for name in names if getattr(shown, name) != getattr(now, name)] or ["its time"]


def _unordered(proposal: Proposal) -> Proposal:
    return proposal.model_copy(update={"approvers": proposal.approvers.model_copy(update={"steps": ()})})
