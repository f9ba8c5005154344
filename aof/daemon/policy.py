"""What may be done, by whom and where, from what the files say."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

import regex

from aof.config.approver import Approver
from aof.config.context import ORIGINS, ContextFile, PlatformPolicy
from aof.config.platform import PlatformConfig
from aof.config.rules import RuleConfig
from aof.daemon.assembly import Assembly
from aof.domain.approval import Approvers, Named
from aof.pipeline.contexts import Contexts, Place
from aof.tools.base import Context
from aof.tools.policy import ASKS, READS_ONLY, Classes, ContextRules, Policy, Rule

_PLATFORMS = {origin: platform for platform, origin in ORIGINS.items()}


def policy_of(assembly: Assembly) -> Policy:
    """All rules of one configuration."""
    spec, known = assembly.config.spec, tuple(assembly.platforms)
    platforms = {name: model for name, model in spec.platforms.items() if isinstance(model, PlatformConfig)}
    needed, in_order = spec.approval.min_approvers, spec.approval.ask_in_order
    by_platform = {
        name: approvers_of(model.approval_allowed_users, known, needed, in_order=in_order)
        for name, model in platforms.items()
        if model.approval_allowed_users is not None
    }
    return Policy(
        platforms={name: READS_ONLY if model.safety.read_only else ASKS for name, model in platforms.items()},
        contexts={
            name: _rules_of(context, known, needed, in_order=in_order) for name, context in assembly.contexts.items()
        },
        rules=tuple(map(_rule, spec.rules)),
        approvers={
            "": approvers_of(spec.approval.allowed_users or (), known, needed, in_order=in_order),
            **by_platform,
        },
        asks_for=spec.approval.require_for,
        self_approval=spec.approval.self_approval,
        ask_for=timedelta(minutes=spec.approval.timeout_minutes),
    )


def approvers_of(
    listed: Iterable[str], platforms: Collection[str], needed: int, *, in_order: bool = False
) -> Approvers:
    """A list of approvers as a rule; an id that names no platform is looked for on each."""
    entries = [Approver.of(text) for text in listed]
    named = _named(entries, platforms)
    steps = tuple(_named([entry], platforms) for entry in entries) if in_order else ()
    return Approvers(**named.model_dump(), needed=needed, steps=steps)


def _named(entries: Sequence[Approver], platforms: Iterable[str]) -> Named:
    return Named(
        everyone=any(entry.kind == "everyone" for entry in entries),
        # what stands behind @ may be a person too
        people=frozenset(entry.value for entry in entries if entry.kind in {"person", "role"}),
        roles=frozenset(entry.value for entry in entries if entry.kind == "role"),
        ids=frozenset(one for entry in entries if entry.kind == "id" for one in _ids(entry, platforms)),
    )


def contexts_of(assembly: Assembly) -> Contexts:
    """The contexts as people choose them."""
    places = {
        name: Place(
            name=name,
            title=context.title,
            description=context.spec.display.description or context.description,
            agent=context.agent or "",
            tools=_tools_of(context),
        )
        for name, context in assembly.contexts.items()
    }
    return Contexts(places, assembly.config.spec.runtime.default_context or "")


def _ids(entry: Approver, platforms: Iterable[str]) -> Iterator[str]:
    for platform in (entry.platform,) if entry.platform else platforms:
        yield from (f"{platform}:{spelling}" for spelling in entry.spellings)


def _rule(rule: RuleConfig) -> Rule:
    return Rule(
        does=rule.then,
        name=rule.name,
        people=None if rule.people is None else frozenset(rule.people),
        roles=None if rule.roles is None else frozenset(rule.roles),
        tools=None if rule.tools is None else frozenset(rule.tools),
        risks=None if rule.classes is None else frozenset(rule.classes),
        contexts=None if rule.contexts is None else frozenset(rule.contexts),
    )


def _rules_of(context: ContextFile, platforms: tuple[str, ...], needed: int, *, in_order: bool) -> ContextRules:
    spec, approval = context.spec, context.spec.approval
    wait = approval.timeout_seconds
    listed = context.approvers
    needed = approval.min_approvers or needed
    return ContextRules(
        by_platform={
            _PLATFORMS.get(origin, origin): _classes(policy) for origin, policy in spec.platform_policies.items()
        },
        asks_always=approval.required and approval.require_for is None,
        # by the engine that can give a search up after its time
        asks_for=tuple(map(regex.compile, approval.require_for or ())),
        guarded_namespaces=frozenset(spec.safety.require_confirmation_for_namespace),
        reads_only=spec.security.readonly_mode,
        approvers=None if listed is None else approvers_of(listed, platforms, needed, in_order=in_order),
        needed=approval.min_approvers,
        self_approval=approval.self_approval,
        ask_for=None if wait is None else timedelta(seconds=wait),
    )


def _classes(policy: PlatformPolicy) -> Classes:
    minutes = policy.approval_timeout_minutes
    return Classes(
        runs=frozenset(policy.allowed_classes),
        asks=frozenset(policy.approval_classes),
        refuses=frozenset(policy.blocked_classes),
        message=policy.blocked_message,
        ask_for=None if minutes is None else timedelta(minutes=minutes),
    )


def _tools_of(context: ContextFile) -> Context:
    spec, security = context.spec, context.spec.security
    return Context(
        name=context.name,
        kubeconfig=str(context.kubeconfig or ""),
        kubecontext=spec.connection.kubecontext or "",
        namespace=context.namespace or "",
        cluster=spec.cluster or "",
        directory=str(spec.working_dir or ""),
        environment=_environment(context),
        allowed_commands=security.allowed_commands,
        blocked_commands=security.blocked_commands,
        allowed_namespaces=security.allowed_namespaces,
    )


def _environment(context: ContextFile) -> Mapping[str, str]:
    connection = context.spec.connection
    aws = {"AWS_PROFILE": connection.aws_profile, "AWS_REGION": connection.aws_region}
    kube = {"KUBECONFIG": str(context.kubeconfig)} if context.kubeconfig else {}
    return {**{name: value for name, value in aws.items() if value}, **kube, **context.environment}
