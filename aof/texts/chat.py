"""What the daemon itself says in a chat, whatever agent answers. Short, the fact first, then the next step."""

from aof.domain.message import MediaKind
from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import named

_KINDS: dict[MediaKind, tuple[str, str]] = {
    "image": ("pictures", "الصور"),
    "video": ("videos", "مقاطع الفيديو"),
    "audio": ("audio files", "الملفات الصوتية"),
    "voice": ("voice messages", "الرسائل الصوتية"),
    "document": ("documents", "المستندات"),
    "sticker": ("stickers", "الملصقات"),
    "location": ("locations", "المواقع"),
    "contacts": ("contact cards", "بطاقات جهات الاتصال"),
    "order": ("orders", "الطلبات"),
    "form": ("forms", "النماذج"),
    "unsupported": ("this kind of message", "هذا النوع من الرسائل"),
}


def cannot_read(language: Language, kind: MediaKind) -> str:
    """To something that is not text."""
    english, arabic = _KINDS[kind]
    return said(
        language,
        en=f"I can't read {english} yet. Write your question as text, or /help.",
        ar=f"لا أستطيع قراءة {arabic} بعد. اكتب سؤالك نصًا، أو {isolated('/help')}.",
    )


def answering_the_caption(language: Language, kind: MediaKind) -> str:
    """Before the answer to what stood under a picture."""
    english, arabic = _KINDS[kind]
    return said(
        language,
        en=f"I can't read {english} yet; this answers what you wrote with it.",
        ar=f"لا أستطيع قراءة {arabic} بعد؛ هذا جواب ما كتبته معها.",
    )


def about_this(language: Language, kind: MediaKind) -> str:
    """What an agent is asked about a file that came without a word."""
    if kind == "image":
        return said(language, en="Describe this picture: what matters in it?", ar="صِف هذه الصورة: ما المهم فيها؟")
    return said(language, en="Read this document: what matters in it?", ar="اقرأ هذا المستند: ما المهم فيه؟")


def file_too_large(language: Language, most_mb: int, *, answers_caption: bool) -> str:
    """To a file that is larger than what is read of its kind."""
    if answers_caption:
        return said(
            language,
            en=f"Your file has more than {most_mb} MB, which is more than I read; this answers what you wrote with it.",
            ar=f"حجم ملفك أكبر من {most_mb} ميغابايت، وهو أكثر مما أقرؤه؛ هذا جواب ما كتبته معه.",
        )
    return said(
        language,
        en=f"Your file has more than {most_mb} MB, which is more than I read. Send a smaller one.",
        ar=f"حجم ملفك أكبر من {most_mb} ميغابايت، وهو أكثر مما أقرؤه. أرسل ملفًا أصغر.",
    )


def file_not_had(language: Language, *, answers_caption: bool) -> str:
    """To a file that the platform did not give out."""
    if answers_caption:
        return said(
            language,
            en="Your file did not reach me; this answers what you wrote with it.",
            ar="لم يصلني ملفك؛ هذا جواب ما كتبته معه.",
        )
    return said(language, en="Your file did not reach me. Send it again.", ar="لم يصلني ملفك. أرسله مرة أخرى.")


def unknown_button(language: Language) -> str:
    """To a tap on something that was never shown here, or is gone."""
    return said(
        language,
        en="That button no longer works here. Write your question, or /help.",
        ar=f"هذا الزر لم يعد يعمل هنا. اكتب سؤالك، أو {isolated('/help')}.",
    )


def stranger(language: Language, code: str, minutes: int) -> str:
    """To somebody who may not talk here yet; `code` as it is read out."""
    return said(
        language,
        en=f"This line is for the on-call team. Give this code to its admin: {code} ({minutes} min).",
        ar=f"هذا الخط لفريق المناوبة. أعطِ هذا الرمز للمسؤول: {isolated(code)} ({minutes} دقيقة).",
    )


def let_in(language: Language, name: str) -> str:
    """To somebody who followed an invitation."""
    return said(
        language,
        en=f"You are let in, as {name}.",
        ar=f"سُمح لك بالدخول باسم {isolated(name)}.",
    )


def still_working(language: Language, seconds: float) -> str:
    """While a run takes long."""
    minutes = round(seconds / 60)
    arabic = "دقيقتان" if minutes == 2 else f"{minutes} دقيقة"
    return said(
        language,
        en=f"Still working ({minutes} min). /cancel stops it.",
        ar=f"ما زال العمل جاريًا ({arabic}). {isolated('/cancel')} للإيقاف.",
    )


def repeating(language: Language, question: str) -> str:
    """After a restart, to whoever waits."""
    asked = named(language, question)
    return said(
        language,
        en=f'I was restarted and am repeating your question: "{asked}".',
        ar=f"أُعيد تشغيلي وأعيد سؤالك: «{asked}».",
    )


def reason(language: Language, written: str) -> str:
    """Why something does not work, as a file's reader wrote it in English."""
    unset = written.removesuffix(" is not set")
    known = {"it names no model": "لا يذكر نموذجًا", "it is being made ready": "يُجهَّز الآن"}
    arabic = f"المتغير {named(language, unset)} غير مضبوط" if unset != written else named(language, written)
    return said(language, en=named(language, written), ar=known.get(written, arabic))


def agent_unavailable(language: Language, name: str, reason: str) -> str:
    """In place of the answer of an agent that can't work; `reason` as `reason` says it."""
    agent = named(language, name)
    return said(
        language,
        en=f"Agent {agent} is not available: {reason}. /agents lists the others.",
        ar=f"الوكيل {agent} غير متاح: {reason}. {isolated('/agents')} يعرض غيره.",
    )


def unknown_command(language: Language, command: str, suggestion: str | None) -> str:
    """To a slash command that does not exist."""
    typed, meant = named(language, command), named(language, suggestion or "")
    if suggestion is None:
        return said(
            language,
            en=f"There is no command {typed}. /help lists what I know.",
            ar=f"لا يوجد أمر {typed}. {isolated('/help')} يعرض ما أعرفه.",
        )
    return said(
        language,
        en=f"There is no command {typed}. Did you mean {meant}? /help lists what I know.",
        ar=f"لا يوجد أمر {typed}. هل تقصد {meant}؟ {isolated('/help')} يعرض ما أعرفه.",
    )


def cancelled(language: Language, question: str) -> str:
    """The run was stopped on its starter's word."""
    asked = named(language, question)
    return said(language, en=f'Stopped: "{asked}".', ar=f"أُوقف: «{asked}».")


def nothing_to_cancel(language: Language) -> str:
    return said(language, en="Nothing of yours is running here.", ar="لا شيء لك قيد التشغيل هنا.")


def nothing_to_show(language: Language) -> str:
    """In place of an answer that has no visible text."""
    return said(language, en="The answer to that was empty.", ar="الجواب عن ذلك كان فارغًا.")


def took_too_long(language: Language, seconds: float) -> str:
    """The deadline of a run passed."""
    return said(
        language,
        en=f"That took longer than {seconds:g} s, so I stopped it. Ask again, or ask for less.",
        ar=f"استغرق ذلك أكثر من {seconds:g} ثانية فأوقفته. أعد السؤال أو اطلب أقل.",
    )


def could_not_answer(language: Language) -> str:
    """After the last attempt failed."""
    return said(
        language,
        en="I could not answer that; the operator can see why. Your next question works.",
        ar="لم أستطع الإجابة عن ذلك؛ يمكن للمشغّل رؤية السبب. سؤالك التالي سيعمل.",
    )


def too_many_waiting(language: Language) -> str:
    """To a message beyond what one conversation may have waiting."""
    return said(
        language,
        en="Too many of your messages are waiting, so I did not take this one, nor what follows until I catch up. "
        "Send it again in a moment.",
        ar="رسائلك المنتظرة كثيرة، فلم آخذ هذه ولا ما يليها حتى ألحق بها. أرسلها مجددًا بعد قليل.",
    )
