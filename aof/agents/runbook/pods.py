"""Answers about the pods of a cluster: which are crashing, and their logs, descriptions and events."""

from collections.abc import Sequence
from dataclasses import dataclass

from aof.agents.runbook import scope
from aof.agents.runbook.excerpt import excerpt, without_environment
from aof.agents.runbook.kubectl import Kubectl, KubectlFailed
from aof.agents.runbook.podlist import Crashing, Pod, crashing
from aof.agents.runbook.setting import Setting
from aof.agents.runbook.steps import Step, Verb
from aof.domain.response import Action, Response, Status
from aof.texts import machine_pods as texts
from aof.texts import machine_talk
from aof.tools.commands import fits
from aof.tools.runner import Outcome

_LISTED = 10
"""Pods in one answer; a phone shows about as many without scrolling."""

_OTHERS = 8
"""Buttons for other pods; with two more steps for this one that makes ten, the most rows of a WhatsApp list."""

_TITLES = {
    Verb.LOGS: machine_talk.view_logs,
    Verb.DESCRIBE: machine_talk.describe_pod,
    Verb.EVENTS: machine_talk.check_events,
}


@dataclass(frozen=True, slots=True)
class _Found:
    """The pods a question is about, and where they were looked up."""

    pods: Sequence[Pod]
    context: str | None
    namespace: str
    """Empty: all of them."""


class Pods:
    """Never raises for what kubectl does: a failure is an answer too."""

    def __init__(self, kubectl: Kubectl, setting: Setting) -> None:
        self._kubectl = kubectl
        self._setting = setting
        self._language, self._host, self._at = setting.language, setting.host, setting.at

    async def asked(self, text: str) -> Response:
        """To a question in a person's words, which may name a namespace or a context."""
        try:
            found = await self._look(text)
        except KubectlFailed as failed:
            return self._failure(failed)
        return found if isinstance(found, Response) else self._overview(found)

    async def pressed(self, step: Step) -> Response:
        """To a tap."""
        try:
            if step.verb is Verb.LIST:
                pods = await self._kubectl.pods(step.context, step.namespace)
                return self._overview(_Found(pods, step.context, step.namespace))
            return await self._closer(step)
        except KubectlFailed as failed:
            return self._failure(failed)

    async def _look(self, text: str) -> _Found | Response:
        context = await self._kubectl.current_context()
        asked = scope.named_after_in(text)
        try:
            pods = await self._kubectl.pods(context)
        except KubectlFailed as failed:
            # Not everybody may list all namespaces, and some clusters are too large to
            is_about_scope = failed.outcome.cut or "forbidden" in failed.outcome.stderr.casefold()
            if asked is None or not is_about_scope or not fits("namespace", asked.casefold()):
                raise
            namespace = asked.casefold()
            return _Found(await self._kubectl.pods(context, namespace), context, namespace)
        namespaces = sorted({pod.namespace for pod in pods})
        # "pods prod" names a namespace too, and "in crashloop in prod" the second word only
        namespace = (
            scope.one_of(namespaces, [asked] if asked else []) or scope.one_of(namespaces, scope.words(text)) or ""
        )
        if namespace or asked is None:
            return _Found(pods, context, namespace)
        other = scope.one_of(await self._kubectl.contexts(), [asked])
        if other is not None:
            return _Found(await self._kubectl.pods(other), other, "")
        return self._nowhere(asked, namespaces, context)

    def _nowhere(self, asked: str, namespaces: Sequence[str], context: str | None) -> Response:
        lines = [texts.nowhere(self._language, asked, namespaces[:_LISTED]), self._place(context, "")]
        actions = tuple(
            Action(id=Step(Verb.LIST, namespace, "", context).id, title=namespace) for namespace in namespaces[:_LISTED]
        )
        return Response(text="\n\n".join(lines), status=Status.NOTE, actions=actions or (self._again(None),))

    def _overview(self, found: _Found) -> Response:
        inside = [pod for pod in found.pods if not found.namespace or pod.namespace == found.namespace]
        troubled = crashing(inside, self._at)
        namespace = found.namespace or None
        if troubled:
            heading = texts.found_crashing(self._language, len(troubled), namespace=namespace)
            lines = [heading, "\n".join(self._line(each, namespace) for each in troubled[:_LISTED])]
            if len(troubled) > _LISTED:
                lines.append(texts.more_pods(self._language, len(troubled) - _LISTED))
        else:
            at_work = [pod for pod in inside if not pod.has_finished]
            ready = sum(pod.is_ready for pod in at_work)
            lines = [texts.none_crashing(self._language, running=ready, total=len(at_work), namespace=namespace)]
        homeless = [_called(pod.namespace, pod.name, namespace) for pod in inside if pod.finds_no_node]
        if homeless:
            others = max(0, len(homeless) - _LISTED)
            lines.append(texts.waiting_for_a_node(self._language, homeless[:_LISTED], others=others))
        lines.append(self._place(found.context, found.namespace))
        return Response(
            text="\n\n".join(lines),
            status=Status.WARNING if troubled or homeless else Status.OK,
            actions=self._first_steps(troubled, found),
        )

    def _first_steps(self, troubled: Sequence[Crashing], found: _Found) -> tuple[Action, ...]:
        if not troubled:
            return (self._again(Step(Verb.LIST, found.namespace, "", found.context) if found.namespace else None),)
        worst = Step(Verb.LOGS, troubled[0].namespace, troubled[0].pod, found.context)
        return tuple(self._action(worst.turned_to(verb)) for verb in _TITLES)

    async def _closer(self, step: Step) -> Response:
        troubled = await self._troubled(step)
        this = next((each for each in troubled if (each.namespace, each.pod) == (step.namespace, step.pod)), None)
        match step.verb:
            case Verb.DESCRIBE:
                block = await self._description(step)
            case Verb.EVENTS:
                block = await self._events(step)
            case _:
                block = await self._logs(step, this)
        text = "\n\n".join([block, self._place(step.context, step.namespace)])
        return Response(text=text, actions=self._next_steps(step, troubled))

    async def _troubled(self, step: Step) -> list[Crashing]:
        """For the buttons to the others; without them the one that was asked for is still worth showing."""
        try:
            return crashing(await self._kubectl.pods(step.context), self._at)
        except KubectlFailed as failed:
            if failed.outcome.missing or failed.outcome.timed_out or failed.has_no_cluster:
                raise
            return []

    async def _logs(self, step: Step, this: Crashing | None) -> str:
        container = this.container if this is not None and not this.is_only_container else None
        previous = this is not None and this.has_earlier_logs
        try:
            outcome = await self._kubectl.logs(step, container, previous=previous)
        except KubectlFailed as failed:
            if not previous or failed.outcome.timed_out:
                raise
            # The node may have thrown the earlier container away
            previous = False
            outcome = await self._kubectl.logs(step, container, previous=previous)
        if not outcome.stdout.strip():
            return texts.no_logs(self._language, pod=step.pod)
        heading = texts.logs_of(self._language, pod=step.pod, container=container, previous=previous)
        return self._block(heading, outcome, outcome.stdout, newest=True)

    async def _description(self, step: Step) -> str:
        outcome = await self._kubectl.describe(step)
        shown, hidden = without_environment(outcome.stdout)
        block = self._block(texts.description_of(self._language, pod=step.pod), outcome, shown, newest=False)
        return f"{block}\n{texts.masked_environment(self._language)}" if hidden else block

    async def _events(self, step: Step) -> str:
        outcome = await self._kubectl.events(step)
        if not outcome.stdout.strip():
            return texts.no_events(self._language, pod=step.pod)
        return self._block(texts.events_of(self._language, pod=step.pod), outcome, outcome.stdout, newest=True)

    def _next_steps(self, step: Step, troubled: Sequence[Crashing]) -> tuple[Action, ...]:
        """Other looks at this pod, then the same look at the next ones: tap by tap one comes round to all."""
        here = [self._action(step.turned_to(verb)) for verb in _TITLES if verb is not step.verb]
        place = next(
            (n for n, each in enumerate(troubled) if (each.namespace, each.pod) == (step.namespace, step.pod)), -1
        )
        others = [*troubled[place + 1 :], *troubled[: max(place, 0)]][:_OTHERS]
        if not others:
            return (*here, self._again(Step(Verb.LIST, step.namespace, "", step.context)))
        for each in others:
            title = _called(each.namespace, each.pod, step.namespace)
            here.append(Action(id=Step(step.verb, each.namespace, each.pod, step.context).id, title=title))
        return tuple(here)

    def _failure(self, failed: KubectlFailed) -> Response:
        text = failed.why(self._language, self._host)
        return Response(text=text, status=Status.FAILED, actions=(self._again(None),))

    def _line(self, each: Crashing, namespace: str | None) -> str:
        return texts.crashing_line(
            self._language,
            pod=_called(each.namespace, each.pod, namespace),
            reason=each.reason,
            exit_code=each.exit_code,
            restarts=each.restarts,
            container=None if each.is_only_container else each.container,
        )

    def _block(self, heading: str, outcome: Outcome, text: str, *, newest: bool) -> str:
        return f"{heading}\n{excerpt(self._language, text, newest=newest, cut=outcome.cut)}"

    def _place(self, context: str | None, namespace: str) -> str:
        return texts.place(self._language, context=context, namespace=namespace or None, at=self._at)

    def _action(self, step: Step) -> Action:
        return Action(id=step.id, title=_TITLES[step.verb](self._language))

    def _again(self, step: Step | None) -> Action:
        return self._setting.again(step.id if step else "ask:pods")


def _called(namespace: str, pod: str, asked: str | None) -> str:
    return pod if namespace == asked else f"{namespace}/{pod}"
