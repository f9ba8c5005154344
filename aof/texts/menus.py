"""The menus and commands of the daemon itself: help, agents, status. Titles fit WhatsApp's smallest button."""

from collections.abc import Sequence

from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import named

_COMMANDS = {
    "help": ("what I know", "ما أعرفه"),
    "agents": ("who can answer you", "مَن يمكنه الرد عليك"),
    "agent": ("NAME switches, info describes", "الاسم للتبديل، و\u2066info\u2069 للوصف"),
    "context": ("NAME: where I work for you here", "الاسم: أين أعمل لك هنا"),
    "run": ("agent NAME TEXT asks once", "\u2066agent\u2069 ثم الاسم والسؤال، لمرة واحدة"),
    "approvals": ("what waits for a decision", "ما ينتظر قرارًا"),
    "reset": ("forgets this conversation", "ينسى هذه المحادثة"),
    "killswitch": ("stops every change; off lifts it", "يوقف كل تغيير؛ \u2066off\u2069 لرفعه"),
    "status": ("what is running and waiting", "ما يعمل وما ينتظر"),
    "info": ("version, uptime, platforms", "الإصدار ومدة التشغيل والمنصات"),
    "start": ("says hello", "ترحيب"),
    "cancel": ("stops what I do for you here", "يوقف ما أقوم به لك هنا"),
}


def command_about(language: Language, command: str) -> str:
    """What one of the daemon's own commands does."""
    english, arabic = _COMMANDS[command]
    return said(language, en=english, ar=arabic)


def topics_title(language: Language) -> str:
    """On the button to what can be asked."""
    return said(language, en="Topics", ar="المواضيع")


def agents_title(language: Language) -> str:
    return said(language, en="Agents", ar="الوكلاء")


def info_title(language: Language) -> str:
    return said(language, en="Info", ar="معلومات")


def help_title(language: Language) -> str:
    return said(language, en="Help", ar="مساعدة")


def greeting(language: Language, *, agent: str, introduction: str) -> str:
    """To hello, or to nothing at all."""
    current = named(language, agent)
    return said(
        language,
        en=f"{introduction}\n\nYou are talking to {current}. /help shows what I know.",
        ar=f"{introduction}\n\nأنت تتحدث مع {current}. {isolated('/help')} يعرض ما أعرفه.",
    )


def hello(language: Language) -> str:
    """Of an agent that does not introduce itself."""
    return said(language, en="Hello. I answer for the on-call team.", ar="أهلًا. أجيب عن أسئلة فريق المناوبة.")


def help_text(
    language: Language, *, agent: str, topics: Sequence[tuple[str, str]], commands: Sequence[tuple[str, str]]
) -> str:
    """What can be asked and which commands there are: pairs of what is typed and what it is."""
    current = named(language, agent)
    blocks = [
        said(
            language,
            en=f"You are talking to {current}. Ask in your own words, or with a command.",
            ar=f"أنت تتحدث مع {current}. اسأل بكلماتك أو بأمر.",
        )
    ]
    for pairs, title in (
        (topics, said(language, en="Ask me about:", ar="اسألني عن:")),
        (commands, said(language, en="Commands:", ar="الأوامر:")),
    ):
        if pairs:
            lines = "\n".join(_line(language, typed, about) for typed, about in pairs)
            blocks.append(f"{title}\n\n{lines}")
    return "\n\n".join(blocks)


def topics_heading(language: Language, agent: str) -> str:
    """Above the topics of an agent."""
    name = named(language, agent)
    return said(language, en=f"{name} can answer these.", ar=f"يستطيع {name} الإجابة عن هذه.")


def no_topics(language: Language, agent: str) -> str:
    name = named(language, agent)
    return said(
        language,
        en=f"{name} has no fixed topics. Ask in your own words.",
        ar=f"ليس لدى {name} مواضيع ثابتة. اسأل بكلماتك.",
    )


def agents_heading(language: Language, count: int) -> str:
    """Above the agents."""
    return said(
        language,
        en="There is one agent." if count == 1 else f"There are {count} agents. Choose who answers you here.",
        ar="يوجد وكيل واحد." if count == 1 else f"عدد الوكلاء {count}. اختر من يجيبك هنا.",
    )


def agent_line(language: Language, *, name: str, about: str, is_current: bool, unavailable: str) -> str:
    """One agent; the current one is marked."""
    shown, why = named(language, name), unavailable
    mark = " ✓" if is_current else ""
    described = f": {named(language, about, longest=200)}" if about else ""
    absent = said(language, en=f" (not available: {why})", ar=f" (غير متاح: {why})") if unavailable else ""
    return f"- {shown}{mark}{described}{absent}"


def agent_chosen(language: Language, name: str) -> str:
    """After a switch."""
    shown = named(language, name)
    return said(language, en=f"From now on {shown} answers you here.", ar=f"من الآن يجيبك {shown} هنا.")


def agent_not_chosen(language: Language, name: str, *, reason: str, current: str) -> str:
    """Instead of a switch to somebody who can't answer."""
    wanted, goes_on = named(language, name), named(language, current)
    return said(
        language,
        en=f"{wanted} can't answer: {reason}. {goes_on} goes on answering.",
        ar=f"لا يستطيع {wanted} الإجابة: {reason}. يواصل {goes_on} الرد عليك.",
    )


def no_such_agent(language: Language, name: str, suggestion: str | None) -> str:
    """A name that nobody has."""
    asked, meant = named(language, name, longest=40), named(language, suggestion or "")
    return said(
        language,
        en=f"There is no agent {asked}. " + (f"Did you mean {meant}?" if suggestion else "/agents lists them."),
        ar=f"لا يوجد وكيل {asked}. " + (f"هل تقصد {meant}؟" if suggestion else f"{isolated('/agents')} يعرضهم."),
    )


def contexts_heading(language: Language, count: int) -> str:
    """Above the contexts."""
    return said(
        language,
        en="There is one context." if count == 1 else f"There are {count} contexts. Choose where I work for you here.",
        ar="يوجد سياق واحد." if count == 1 else f"عدد السياقات {count}. اختر أين أعمل لك هنا.",
    )


def context_chosen(language: Language, title: str) -> str:
    """After a switch."""
    shown = named(language, title)
    return said(language, en=f"From now on I work in {shown} for you here.", ar=f"من الآن أعمل لك هنا في {shown}.")


def no_such_context(language: Language, name: str, suggestion: str | None) -> str:
    """A name that no context has."""
    asked, meant = named(language, name, longest=40), named(language, suggestion or "")
    return said(
        language,
        en=f"There is no context {asked}." + (f" Did you mean {meant}?" if suggestion else ""),
        ar=f"لا يوجد سياق {asked}." + (f" هل تقصد {meant}؟" if suggestion else ""),
    )


def forgotten(language: Language) -> str:
    """After /reset."""
    return said(language, en="Forgotten. We begin anew.", ar="نسيت ما سبق. نبدأ من جديد.")


def run_usage(language: Language) -> str:
    """To a /run that can't be understood."""
    form = isolated("/run agent NAME TEXT")
    return said(language, en="Write /run agent NAME TEXT, such as /run agent runbook disk.", ar=f"اكتب {form}.")


def agent_gone(language: Language, name: str) -> str:
    """A tap on an old menu whose agent is not there any more."""
    asked = named(language, name, longest=40)
    return said(
        language,
        en=f"{asked} is no longer available. /agents lists who is.",
        ar=f"{asked} لم يعد متاحًا. {isolated('/agents')} يعرض المتاحين.",
    )


def agent_about(
    language: Language,
    *,
    name: str,
    is_current: bool,
    about: str,
    model: str,
    topics: Sequence[str],
    unavailable: str,
    missing: Sequence[str],
) -> str:
    """One agent in full; `missing` are tools that its file names and that it has to do without."""
    shown, why, written = named(language, name), unavailable, named(language, model)
    current = said(language, en=f"You are talking to {shown}.", ar=f"أنت تتحدث مع {shown}.")
    lines = [current if is_current else f"{shown}:"]
    if about:
        lines.append(named(language, about, longest=400))
    if unavailable:
        lines.append(said(language, en=f"Not available: {why}.", ar=f"غير متاح: {why}."))
    if model:
        lines.append(said(language, en=f"Model: {written}.", ar=f"النموذج: {written}."))
    elif not unavailable:
        lines.append(said(language, en="It works without a model.", ar="يعمل بدون نموذج."))
    if missing:
        named_ones = said(language, en=", ", ar="، ").join(named(language, one) for one in missing)
        lines.append(
            said(
                language,
                en=f"It has to do without: {named_ones}.",
                ar=f"يعمل من دون: {named_ones}.",
            )
        )
    if topics:
        listed = said(language, en=", ", ar="، ").join(topics)
        lines.append(said(language, en=f"Topics: {listed}.", ar=f"المواضيع: {listed}."))
    return "\n".join(lines)


def info(
    language: Language, *, version: str, uptime: str, platforms: Sequence[str], agents: int, running: int, waiting: int
) -> str:
    """What this daemon is, in figures."""
    listed = said(language, en=", ", ar="، ").join(named(language, platform) for platform in platforms)
    number = named(language, version)
    return said(
        language,
        en=f"aof {number}, up {uptime}.\nPlatforms: {listed}. Agents: {agents}.\n"
        f"Questions in progress: {running}, waiting: {waiting}.",
        ar=f"aof {number}، يعمل منذ {uptime}.\nالمنصات: {listed}. الوكلاء: {agents}.\n"
        f"أسئلة قيد الإجابة: {running}، تنتظر: {waiting}.",
    )


def status(
    language: Language,
    *,
    version: str,
    uptime: str,
    waiting: int,
    sending: int,
    held: int,
    parked: int,
    held_back: int,
    own: Sequence[tuple[str, float]],
) -> str:
    """How the daemon is doing, and what it does for this person: `own` are questions and their seconds."""
    number = named(language, version)
    english = [f"aof {number}, up {uptime}.", f"Questions waiting: {waiting}. Messages on their way: {sending}."]
    arabic = [f"aof {number}، يعمل منذ {uptime}.", f"أسئلة تنتظر: {waiting}. رسائل في الطريق: {sending}."]
    if held:
        english.append(f"Held for an operator: {held}.")
        arabic.append(f"محجوزة لمشغّل: {held}.")
    if parked:
        english.append(f"Waited too long, for a word of their senders: {parked}.")
        arabic.append(f"انتظرت طويلًا وتنتظر كلمة من مرسليها: {parked}.")
    if held_back:
        english.append(f"Waiting until people have decided: {held_back}.")
        arabic.append(f"تنتظر قرار الموافقين: {held_back}.")
    for question, seconds in own:
        asked = named(language, question)
        english.append(f'Running for you for {seconds:.0f} s: "{asked}".')
        arabic.append(f"قيد التشغيل لك منذ {seconds:.0f} ثانية: «{asked}».")
    return said(language, en="\n".join(english), ar="\n".join(arabic))


def _line(language: Language, typed: str, about: str) -> str:
    command = named(language, typed)
    return f"- {command}: {about}" if about else f"- {command}"
