"""What the runbook agent says about the pods of a cluster. First the fact, then the context and the time."""

from collections.abc import Sequence
from datetime import datetime

from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import clock, named


def found_crashing(language: Language, count: int, *, namespace: str | None) -> str:
    """Above the lines of the pods."""
    pods = "1 pod" if count == 1 else f"{count} pods"
    inside = named(language, namespace) if namespace else ""
    return said(
        language,
        en=f"Found {pods} crashing in {inside}:" if inside else f"Found {pods} crashing:",
        ar=f"عدد الـ Pods المتعطلة في {inside}: {count}" if inside else f"عدد الـ Pods المتعطلة: {count}",
    )


def crashing_line(
    language: Language, *, pod: str, reason: str, exit_code: int | None, restarts: int, container: str | None
) -> str:
    """One pod; `container` where it has several, `exit_code` where the reason alone says little."""
    why = reason if exit_code is None else f"{reason}, exit {exit_code}"
    why = why if container is None else f"{why}, container {container}"
    times = "1 restart" if restarts == 1 else f"{restarts} restarts"
    shown = named(language, pod, longest=320)
    return said(
        language,
        en=f"- {shown}: {why} ({times})" if restarts else f"- {shown}: {why}",
        ar=f"- {shown}: {isolated(why)} (مرات إعادة التشغيل: {restarts})"
        if restarts
        else f"- {shown}: {isolated(why)}",
    )


def more_pods(language: Language, count: int) -> str:
    """Under the pods that are shown, when there are others."""
    example = _example(language)
    return said(
        language,
        en=f"…and {count} more. Name a namespace to see its own, as in {example}.",
        ar=f"…وغيرها {count}. سمِّ namespace لترى ما فيه، مثل {example}.",
    )


def waiting_for_a_node(language: Language, pods: Sequence[str], *, others: int) -> str:
    """Pods that no node takes: they don't crash, and don't run either."""
    listed = said(language, en=", ", ar="، ").join(named(language, pod, longest=320) for pod in pods)
    rest = said(language, en=f" and {others} more", ar=f" وغيرها {others}") if others else ""
    return said(
        language,
        en=f"No node takes: {listed}{rest} (Unschedulable).",
        ar=f"لا تقبلها أي عقدة: {listed}{rest} (Unschedulable).",
    )


def none_crashing(language: Language, *, running: int, total: int, namespace: str | None) -> str:
    """`running` are ready; `total` leaves out the pods that have finished their work."""
    inside = named(language, namespace) if namespace else ""
    if not total:
        return said(
            language,
            en=f"There are no pods in {inside}." if inside else "There are no pods.",
            ar=f"لا توجد Pods في {inside}." if inside else "لا توجد Pods.",
        )
    return said(
        language,
        en=f"No pod is crashing{f' in {inside}' if inside else ''}: {running} of {total} are ready.",
        ar=f"لا يوجد Pod متعطل{f' في {inside}' if inside else ''}: الجاهز {running} من {total}.",
    )


def place(language: Language, *, context: str | None, namespace: str | None, at: datetime) -> str:
    """Where the answer comes from, and when."""
    when = clock(language, at)
    cluster = named(language, context, longest=260) if context else ""
    inside = named(language, namespace) if namespace else ""
    english = f"Context {cluster}" if cluster else "The cluster kubectl uses by default"
    arabic = f"السياق {cluster}" if cluster else "العنقود الافتراضي لـ kubectl"
    return said(
        language,
        en=f"{english}, {f'namespace {inside}' if inside else 'all namespaces'} ({when}).",
        ar=f"{arabic}، {f'namespace {inside}' if inside else 'كل الـ namespaces'} ({when}).",
    )


def nowhere(language: Language, word: str, namespaces: Sequence[str]) -> str:
    """A word that is neither; `namespaces` are those that have pods."""
    asked = named(language, word, longest=63)
    listed = said(language, en=", ", ar="، ").join(named(language, namespace) for namespace in namespaces)
    return said(
        language,
        en=f'No namespace with pods and no context is called "{asked}". '
        + (f"Namespaces with pods: {listed}." if listed else "There are no pods at all."),
        ar=f"لا يوجد namespace فيه Pods ولا سياق باسم «{asked}». "
        + (f"الـ namespaces التي فيها Pods: {listed}." if listed else "لا توجد Pods إطلاقًا."),
    )


def logs_of(language: Language, *, pod: str, container: str | None, previous: bool) -> str:
    """Above the last lines; `previous`: of the container that crashed, not of the one running now."""
    shown = named(language, f"{pod} ({container})" if container else pod, longest=320)
    return said(
        language,
        en=f"Last log lines of {shown} before its restart:" if previous else f"Last log lines of {shown}:",
        ar=f"آخر سجلات {shown} قبل إعادة تشغيله:" if previous else f"آخر سجلات {shown}:",
    )


def description_of(language: Language, *, pod: str) -> str:
    shown = named(language, pod, longest=320)
    return said(language, en=f"{shown}, as kubectl describes it:", ar=f"وصف kubectl لـ {shown}:")


def events_of(language: Language, *, pod: str) -> str:
    shown = named(language, pod, longest=320)
    return said(language, en=f"Events of {shown}, the newest last:", ar=f"أحداث {shown}، الأحدث في الآخر:")


def no_logs(language: Language, *, pod: str) -> str:
    shown = named(language, pod, longest=320)
    return said(language, en=f"{shown} has written no logs.", ar=f"لم يكتب {shown} أي سجلات.")


def no_events(language: Language, *, pod: str) -> str:
    shown = named(language, pod, longest=320)
    return said(
        language,
        en=f"The cluster holds no events of {shown}; it keeps them for about an hour.",
        ar=f"لا يحتفظ العنقود بأحداث لـ {shown}؛ فهو يحتفظ بها نحو ساعة.",
    )


def masked_environment(language: Language) -> str:
    """Under a description whose environment values are hidden."""
    return said(language, en="Values of the environment are hidden.", ar="قيم متغيرات البيئة مخفية.")


def kubectl_unconfigured(language: Language, *, host: str) -> str:
    where = named(language, host)
    return said(
        language,
        en=f"kubectl on {where} has no cluster to talk to: no kubeconfig, or no current context in it.",
        ar=f"لا عنقود لدى kubectl على {where}: لا يوجد kubeconfig، أو لا سياق حالي فيه.",
    )


def kubectl_unreadable(language: Language, *, host: str) -> str:
    where = named(language, host)
    return said(
        language,
        en=f"kubectl on {where} printed something that is not a list of pods, so I can't read it.",
        ar=f"طبع kubectl على {where} ما ليس قائمة Pods، فلا أستطيع قراءته.",
    )


def kubectl_too_much(language: Language, *, host: str) -> str:
    where = named(language, host)
    example = _example(language)
    return said(
        language,
        en=f"kubectl on {where} printed more than I read. Name a namespace, as in {example}.",
        ar=f"طبع kubectl على {where} أكثر مما أقرأ. سمِّ namespace، مثل {example}.",
    )


def _example(language: Language) -> str:
    """A question that names a namespace."""
    return said(language, en='"pods in prod"', ar=f"«{isolated('pods in prod')}»")
