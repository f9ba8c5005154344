"""What people read about calls that are asked for and decided: cards, votes, what waits."""

from collections.abc import Sequence
from datetime import timedelta

from aof.domain.approval import Bar, Proposal
from aof.domain.response import Status
from aof.texts.calls import block, quoted, risk
from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import named


def approve_title(language: Language) -> str:
    return said(language, en="Approve", ar="موافقة")


def edit_title(language: Language) -> str:
    return said(language, en="Edit", ar="تعديل")


def deny_title(language: Language) -> str:
    return said(language, en="Deny", ar="رفض")


def left(language: Language, span: timedelta) -> str:
    """How long there is still time, in whole minutes."""
    minutes = max(1, round(span.total_seconds() / 60))
    hours, rest = divmod(minutes, 60)
    if hours >= 48:
        return said(language, en=f"{hours // 24} days", ar=f"{hours // 24} يومًا")
    if hours:
        return said(
            language,
            en=f"{hours} h {rest} min" if rest else f"{hours} h",
            ar=f"{hours} س {rest} د" if rest else f"{hours} س",
        )
    return said(language, en=f"{minutes} min", ar=f"{minutes} دقيقة")


def card(
    language: Language,
    proposal: Proposal,
    *,
    requester: str,
    left: timedelta,
    editor: str,
    before: Sequence[str],
    again: bool,
    fingerprint: str,
    before_them: Sequence[str] = (),
) -> str:
    """What whoever may decide reads; the command is exactly the one that would run."""
    who, span = named(language, requester), _left(language, left)
    lines = []
    if again:
        lines.append(said(language, en="Still waiting for you:", ar="ما زال بانتظارك:"))
    if before_them:
        asked = ", ".join(named(language, one) for one in before_them)
        lines.append(
            said(language, en=f"Not decided yet. Asked before you: {asked}.", ar=f"لم يُبتّ بعد. سُئل قبلك: {asked}.")
        )
    lines.append(
        said(language, en=f"**{who}** asks to run:", ar=f"يطلب **{who}** تنفيذ:")
        if not editor
        else said(
            language,
            en=f"**{named(language, editor)}** changed what **{who}** asks to run:",
            ar=f"عدّل **{named(language, editor)}** ما يطلب **{who}** تنفيذه:",
        )
    )
    lines.append(block(proposal.argv))
    if before:
        lines += [said(language, en="Before it was:", ar="كان قبل التعديل:"), block(before)]
    why = f" ({named(language, proposal.why)})" if proposal.why else ""
    facts = [said(language, en="Class", ar="الصنف") + f": {risk(language, proposal.risk)}{why}"]
    facts += [
        f"{_target(language, name)}: {named(language, value)}"
        for name, value in sorted(proposal.target.items())
        if value
    ]
    facts.append(said(language, en="Agent", ar="الوكيل") + f": {named(language, proposal.agent)}")
    if proposal.reason:
        said_by = said(language, en="The agent says", ar="يقول الوكيل")
        facts.append(f"{said_by}: “{named(language, ' '.join(proposal.reason.split()))}”")
    if proposal.approvers.needed > 1:
        facts.append(said(language, en="Needs", ar="يلزم") + f": {proposal.approvers.needed}")
    facts.append(said(language, en="Time left", ar="الوقت المتبقي") + f": {span}")
    facts.append(said(language, en="Fingerprint", ar="البصمة") + f": {fingerprint[:12]}")
    lines.append("\n".join(f"- {fact}" for fact in facts))
    for argv, title in (
        (proposal.dry_run, said(language, en="To see its effect first:", ar="لرؤية أثره أولًا:")),
        (proposal.undo, said(language, en="To take it back:", ar="للتراجع عنه:")),
    ):
        if argv:
            lines += [title, block(argv)]
    return "\n\n".join(lines)


_left = left

_TARGETS = {
    "place": ("Context", "السياق"),
    "context": ("Cluster context", "سياق العنقود"),
    "cluster": ("Cluster", "العنقود"),
    "namespace": ("Namespace", "النطاق"),
    "directory": ("Directory", "المجلد"),
    "host": ("Host", "المضيف"),
    "docker": ("Docker context", "سياق Docker"),
    "endpoint": ("Address", "العنوان"),
}


def _target(language: Language, name: str) -> str:
    english, arabic = _TARGETS.get(name, (name, name))
    return said(language, en=english, ar=arabic)


_ENDED = {
    "approved": ("approved", "بالموافقة"),
    "running": ("approved", "بالموافقة"),
    "done": ("approved, and it ran", "بالموافقة، ونُفِّذ"),
    "failed": ("approved, and it failed", "بالموافقة، وفشل التنفيذ"),
    "unknown": ("approved; whether it took effect is not known", "بالموافقة، وأثره غير معروف"),
    "denied": ("denied", "بالرفض"),
    "superseded": ("changed; the new card counts", "عُدِّل؛ البطاقة الجديدة هي المعتبرة"),
    "void": ("withdrawn", "بالسحب"),
    "lapsed": ("not decided in time", "دون قرار في الوقت"),
    "asked": ("still open", "ما زال مفتوحًا"),
}


def ended(language: Language, argv: Sequence[str], state: str, who: str, at: str) -> str:
    """To a late tap, or to others who were asked: what was decided, by whom and when."""
    english, arabic = _ENDED[state]
    by = named(language, who)
    return said(
        language,
        en=f"Already {english}" + (f" by {by}" if by else "") + (f" at {at}" if at else "") + f":\n\n{block(argv)}",
        ar=f"انتهى {arabic}" + (f" من {by}" if by else "") + (f" في {at}" if at else "") + f":\n\n{block(argv)}",
    )


def decided(language: Language, argv: Sequence[str], state: str, who: str, at: str) -> str:
    """To the others who were asked."""
    english, arabic = _ENDED[state]
    by = named(language, who)
    return said(
        language,
        en=f"{english[0].upper()}{english[1:]}" + (f" by {by}" if by else "") + f" at {at}:\n\n{block(argv)}",
        ar=f"انتهى {arabic}" + (f" من {by}" if by else "") + f" في {at}:\n\n{block(argv)}",
    )


def on_the_card(language: Language, state: str, who: str, at: str, *, was_approved: bool = False) -> tuple[Status, str]:
    """Under a card that offers nothing any more: what became of it, who did it and when."""
    by, when = named(language, who), f", {at}" if at else ""
    match state:
        case "denied":
            return Status.FAILED, said(language, en=f"Denied by {by}{when}", ar=f"رفضه {by}{when}")
        case "superseded":
            return Status.NOTE, said(
                language,
                en=f"Changed by {by}{when}; the new card counts",
                ar=f"عدّله {by}{when}؛ البطاقة الجديدة هي المعتبرة",
            )
        case "lapsed" | "void" if was_approved:
            return Status.NOTE, said(
                language, en=f"Approved by {by}, and not run{when}", ar=f"وافق عليه {by}، ولم يُنفَّذ{when}"
            )
        case "lapsed":
            return Status.NOTE, said(language, en=f"Not decided in time{when}", ar=f"لم يُبتّ فيه في الوقت{when}")
        case "void":
            return Status.NOTE, said(language, en=f"Withdrawn{when}", ar=f"سُحب{when}")
        case _:
            return Status.OK, said(language, en=f"Approved by {by}{when}", ar=f"وافق عليه {by}{when}")


def your_vote(language: Language, argv: Sequence[str], state: str, given: int, needed: int, requester: str) -> str:
    """To whoever has just decided."""
    who = named(language, requester)
    if state == "denied":
        return said(language, en=f"Denied. {who} is told:\n\n{block(argv)}", ar=f"رُفض، وسيُبلَّغ {who}:\n\n{block(argv)}")
    if state == "asked":
        return said(
            language,
            en=f"Your approval counts: {given} of {needed}. It waits for others:\n\n{block(argv)}",
            ar=f"حُسبت موافقتك: {given} من {needed}. ينتظر الآخرين:\n\n{block(argv)}",
        )
    return said(
        language,
        en=f"Approved. It is being run for {who}:\n\n{block(argv)}",
        ar=f"تمت الموافقة، ويُنفَّذ الآن لـ {who}:\n\n{block(argv)}",
    )


def may_not(language: Language, bar: Bar) -> str:
    """To somebody who may not decide; the question stays open."""
    match bar:
        case "requester":
            return said(
                language,
                en="You asked for this, so somebody else has to decide. The question stays open.",
                ar="أنت من طلب هذا، فالقرار لغيرك. السؤال ما زال مفتوحًا.",
            )
        case "editor":
            return said(
                language,
                en="You changed this command, so somebody else has to decide. The question stays open.",
                ar="أنت من عدّل هذا الأمر، فالقرار لغيرك. السؤال ما زال مفتوحًا.",
            )
        case _:
            return said(
                language,
                en="You may not decide about this. The question stays open for those who may.",
                ar="ليس لك أن تقرر في هذا. السؤال ما زال مفتوحًا لمن له ذلك.",
            )


def voted_before(language: Language) -> str:
    return said(language, en="You have decided about this already.", ar="سبق أن قررت في هذا.")


def gone(language: Language) -> str:
    return said(language, en="That question is not known any more.", ar="لم يعد هذا السؤال معروفًا.")


def send_the_change(language: Language, argv: Sequence[str]) -> str:
    """Edit was tapped."""
    pairs, cancel = isolated("key=value"), isolated("/cancel")
    return said(
        language,
        en=f"Send the whole command as you want it, or key=value lines. /cancel leaves it as it is:\n\n{block(argv)}",
        ar=f"أرسل الأمر كاملًا كما تريده، أو أسطر {pairs}. {cancel} يتركه كما هو:\n\n{block(argv)}",
    )


def changed(language: Language, argv: Sequence[str], who: Sequence[str]) -> str:
    """The change was taken; others decide about it."""
    names = ", ".join(named(language, one) for one in who)
    return said(
        language,
        en=f"Changed. Asked about it: {names}.\n\n{block(argv)}",
        ar=f"تم التعديل. سُئل عنه: {names}.\n\n{block(argv)}",
    )


def unchanged(language: Language, why: str) -> str:
    """The change was not taken; the question stays as it was."""
    return said(
        language,
        en=f"Not changed: {why}. The question stays as it was.",
        ar=f"لم يُعدَّل: {why}. يبقى السؤال كما كان.",
    )


def too_few_after_edit(language: Language, needed: int, who: Sequence[str]) -> str:
    """Why a change is not taken."""
    if needed > 1:
        listed = ", ".join(named(language, one) for one in who)
        return said(
            language,
            en=f"it needs {needed} people, and "
            + (f"only {listed} could be asked" if who else "nobody could be asked"),
            ar=f"يلزم {needed} أشخاص، و" + (f"لا يمكن سؤال غير {listed}" if who else "لا يمكن سؤال أحد"),
        )
    return said(language, en="nobody but you could approve your change", ar="لا أحد غيرك يستطيع الموافقة على تعديلك")


def same_command(language: Language) -> str:
    return said(language, en="it is the same command", ar="الأمر هو نفسه")


def agent_changed(language: Language, agent: str) -> str:
    """A paused run can't go on."""
    name = named(language, agent)
    return said(
        language,
        en=f"Agent {name} was changed or removed while this waited, so nothing of it was run. Ask again.",
        ar=f"تغيّر الوكيل {name} أو أُزيل أثناء الانتظار، فلم يُنفَّذ شيء. اطلب من جديد.",
    )


def also_waiting(language: Language, commands: Sequence[Sequence[str]]) -> str:
    """Under an answer that was given beside a paused run."""
    shown = ", ".join(quoted(language, one) for one in commands)
    return said(language, en=f"Waiting for approval: {shown}", ar=f"بانتظار الموافقة: {shown}")


_DOES = {
    "run": ("run at once", "يُنفَّذ فورًا"),
    "ask": ("need an approval", "يحتاج إلى موافقة"),
    "refuse": ("are refused here", "مرفوض هنا"),
}


def rights(language: Language, *, write: str, delete: str, who: Sequence[str], decides: bool) -> str:
    """What a person may have done here, in a line or two."""
    if write == delete:
        lines = [
            said(
                language,
                en=f"You may look. Changes and removals {_DOES[write][0]}.",
                ar=f"لك أن تنظر. التغيير والحذف {_DOES[write][1]}.",
            )
        ]
    else:
        lines = [
            said(
                language,
                en=f"You may look. Changes {_DOES[write][0]}, removals {_DOES[delete][0]}.",
                ar=f"لك أن تنظر. التغيير {_DOES[write][1]}، والحذف {_DOES[delete][1]}.",
            )
        ]
    if who:
        names = ", ".join(named(language, one) for one in who)
        lines.append(said(language, en=f"Asked are: {names}.", ar=f"يُسأل: {names}."))
    if decides:
        lines.append(said(language, en="You decide for others.", ar="لك أن تقرر لغيرك."))
    return "\n".join(lines)


def nothing_open(language: Language) -> str:
    return said(language, en="Nothing waits for an approval.", ar="لا شيء بانتظار موافقة.")


def open_heading(language: Language, count: int) -> str:
    return said(language, en=f"Open questions: {count}", ar=f"الأسئلة المفتوحة: {count}")


def open_line(language: Language, argv: Sequence[str], requester: str, span: timedelta) -> str:
    """One open question of somebody who may not decide about it."""
    return said(
        language,
        en=f"- {quoted(language, argv)} (asked by {named(language, requester)}, {_left(language, span)} left)",
        ar=f"- {quoted(language, argv)} (طلبه {named(language, requester)}، بقي {_left(language, span)})",
    )


def withdrawn(language: Language, count: int) -> str:
    return said(language, en=f"Withdrawn: {count} open question(s).", ar=f"سُحبت أسئلة مفتوحة: {count}.")


def killswitch(language: Language, *, on: bool, ended: int) -> str:
    """The switch was thrown, or asked about."""
    if not on:
        return said(language, en="The kill switch is off: changes can be asked for.", ar="مفتاح الإيقاف غير مفعّل.")
    return said(
        language,
        en=f"The kill switch is on: nothing changes any more. Open questions ended: {ended}. /killswitch off lifts it.",
        ar=f"مفتاح الإيقاف مفعّل: لا تغيير بعد الآن. أسئلة أُنهيت: {ended}. يُرفع بالأمر {isolated('/killswitch off')}.",
    )


def killswitch_not_yours(language: Language) -> str:
    return said(
        language,
        en="The kill switch stays on: only those who may approve can lift it.",
        ar="يبقى مفتاح الإيقاف مفعّلًا: لا يرفعه إلا من له الموافقة.",
    )


def was_changed(language: Language, editor: str, argv: Sequence[str], who: Sequence[str]) -> str:
    """To whoever asked: somebody changed their command."""
    by, names = named(language, editor), ", ".join(named(language, one) for one in who)
    return said(
        language,
        en=f"{by} changed your command. Asked about it: {names}.\n\n{block(argv)}",
        ar=f"عدّل {by} أمرك. سُئل عنه: {names}.\n\n{block(argv)}",
    )


def why_answer(language: Language, proposal: Proposal, *, requester: str) -> str:
    """What is known of a question without asking anybody; it decides nothing."""
    who = named(language, requester)
    lines = [
        said(
            language,
            en=f"Nothing is decided by this. {who} asks to run {quoted(language, proposal.argv)}.",
            ar=f"هذا لا يقرر شيئًا. يطلب {who} تنفيذ {quoted(language, proposal.argv)}.",
        )
    ]
    if proposal.reason:
        lines.append(
            said(
                language,
                en=f"The agent says: “{named(language, ' '.join(proposal.reason.split()))}”",
                ar=f"يقول الوكيل: “{named(language, ' '.join(proposal.reason.split()))}”",
            )
        )
    else:
        lines.append(said(language, en="The agent gave no reason.", ar="لم يذكر الوكيل سببًا."))
    return "\n\n".join(lines)
