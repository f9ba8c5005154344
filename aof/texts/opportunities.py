"""What operators read about opportunities, drafts and notifications, and the template of a draft."""

from datetime import datetime

from aof.domain.consent import Barrier
from aof.domain.opportunity import Change, DraftState, OpportunityState
from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import clock, named


def accept_title(language: Language) -> str:
    return said(language, en="Accept", ar="قبول")


def skip_title(language: Language) -> str:
    return said(language, en="Skip", ar="تخطي")


def draft_title(language: Language) -> str:
    return said(language, en="Message", ar="رسالة")


def approve_title(language: Language) -> str:
    return said(language, en="Approve", ar="اعتماد")


def edit_title(language: Language) -> str:
    return said(language, en="Edit", ar="تعديل")


def cancel_title(language: Language) -> str:
    return said(language, en="Cancel", ar="إلغاء")


def schedule_title(language: Language) -> str:
    return said(language, en="Schedule", ar="جدولة")


def written(text: str, longest: int = 120) -> str:
    """Somebody else's line as it stands on a line of its own: no mark in it is at work."""
    return named(Language.ENGLISH, text, longest=longest)


def _inline(text: str) -> str:
    """The same inside a sentence, in the direction of its own letters."""
    return f"\u2068{written(text)}\u2069"


# -- cards ---------------------------------------------------------------------------------------------------


def opportunity_card(language: Language, title: str, summary: str, contact: str, *, longest: int) -> str:
    """The card of step 1.

    Args:
        contact: Their name; empty: it is not shown.
        longest: Characters of a line of the summary.
    """
    lines = "\n".join(written(line, longest) for line in summary.split("\n") if line.strip())
    whom = said(language, en=f"Contact: {_inline(contact)}", ar=f"جهة الاتصال: {_inline(contact)}") if contact else ""
    return "\n\n".join(piece for piece in (f"**{written(title)}**" if title.strip() else "", lines, whom) if piece)


def draft_heading(language: Language, contact: str, *, is_new: bool, is_template: bool) -> str:
    """Above the text of a draft, which follows word for word.

    Args:
        is_new: Its text was changed.
        is_template: The agent that should have written it gave nothing.
    """
    to = said(language, en=f" to {_inline(contact)}", ar=f" إلى {_inline(contact)}") if contact else ""
    heading = (
        said(language, en=f"New text of the message{to}:", ar=f"النص الجديد للرسالة{to}:")
        if is_new
        else said(language, en=f"Draft of a message{to}:", ar=f"مسودة رسالة{to}:")
    )
    if is_template:
        heading += "\n" + said(
            language,
            en="(The agent gave no text, so this is the template.)",
            ar="(لم يقدّم الوكيل نصًا، فهذا هو القالب.)",
        )
    return heading


def schedule_card(language: Language, title: str) -> str:
    """The further action, in a message of its own."""
    about = f"\n{written(title)}" if title else ""
    return (
        said(
            language,
            en="A meeting can be drafted as well. Nobody is invited by it.",
            ar="يمكن إعداد مسودة اجتماع أيضًا. لن يُدعى أحد بذلك.",
        )
        + about
    )


def brief_heading(language: Language, count: int, shown: int) -> str:
    """Above the list of what waits for a decision."""
    heading = said(language, en=f"Opportunities that wait: {count}", ar=f"فرص بانتظار قرارك: {count}")
    if shown < count:
        heading += "\n" + said(language, en=f"The first {shown}:", ar=f"أول {shown}:")
    return heading


def command_about(language: Language) -> str:
    """In the help of an operator."""
    command = isolated("/opportunities")
    return said(
        language,
        en="You decide about opportunities. /opportunities shows what waits.",
        ar=f"أنت تقرّر بشأن الفرص. {command} يعرض ما ينتظر.",
    )


def nothing_waits(language: Language) -> str:
    return said(language, en="No opportunity waits for you.", ar="لا توجد فرص بانتظار قرارك.")


# -- what became of a press ----------------------------------------------------------------------------------


def skipped(language: Language, title: str) -> str:
    return said(
        language, en=f"Skipped: {_inline(title)}. Nothing is sent.", ar=f"تم التخطي: {_inline(title)}. لن يُرسل شيء."
    )


def cancelled(language: Language, title: str) -> str:
    return said(
        language,
        en=f"Cancelled: {_inline(title)}. Nothing is sent.",
        ar=f"أُلغيت المسودة: {_inline(title)}. لن يُرسل شيء.",
    )


def approved(language: Language, contact: str) -> str:
    """The text is on its way out."""
    return said(
        language,
        en=f"Approved. The message leaves for {_inline(contact)}.",
        ar=f"تم الاعتماد. الرسالة في طريقها إلى {_inline(contact)}.",
    )


def approved_for_later(language: Language, contact: str) -> str:
    """The contact is silent for longer than the platform takes free text."""
    return said(
        language,
        en=f"Approved. {_inline(contact)} has been silent for longer than WhatsApp takes a text, "
        "so the message follows once they answer.",
        ar=f"تم الاعتماد. مضى على آخر رسالة من {_inline(contact)} أكثر مما يسمح به واتساب، فستصل الرسالة فور ردّه.",
    )


def approved_and_held(language: Language, contact: str, held_by: str) -> str:
    """Nothing leaves for now.

    Args:
        held_by: Why, as the gate says it.
    """
    return said(
        language,
        en=f"Approved. The message to {_inline(contact)} is held, and leaves once it is released: {_inline(held_by)}.",
        ar=f"تم الاعتماد. الرسالة إلى {_inline(contact)} محتجزة ولن تخرج قبل الإفراج عنها: {_inline(held_by)}.",
    )


def not_contactable(language: Language, contact: str, barred: Barrier) -> str:
    """To whoever approved a message to somebody who is not to be written to."""
    if barred == "out":
        return said(
            language,
            en=f"Not sent: {_inline(contact)} has opted out. The draft waits; only a START of theirs opens this.",
            ar=f"لم تُرسل: {_inline(contact)} ألغى الاشتراك. المسودة باقية، ولا يفتحها إلا إرساله كلمة اشتراك.",
        )
    return said(
        language,
        en=f"Not sent: {_inline(contact)} has not agreed to be written to (no opt-in). The draft waits; approve it "
        "again once the consent ledger has their word.",
        ar=f"لم تُرسل: {_inline(contact)} لم يوافق على مراسلته (لا يوجد اشتراك). المسودة باقية؛ "
        "اعتمدها مجددًا بعد تسجيل موافقته.",
    )


def send_the_text(language: Language, contact: str) -> str:
    """After Edit."""
    return said(
        language,
        en=f"Send the new text for {_inline(contact)} as your next message, or as a reply to the card. "
        "It is shown to you again before anything leaves.",
        ar=f"أرسل النص الجديد إلى {_inline(contact)} في رسالتك التالية أو ردًا على البطاقة. "
        "سيُعرض عليك مرة أخرى قبل إرسال أي شيء.",
    )


def text_too_long(language: Language, most: int) -> str:
    return said(
        language,
        en=f"That is longer than {most} characters, so the draft stays as it was. Send a shorter text.",
        ar=f"النص أطول من {most} حرف، فبقيت المسودة كما هي. أرسل نصًا أقصر.",
    )


_STATES: dict[OpportunityState, tuple[str, str]] = {
    "open": ("still open", "ما زالت مفتوحة"),
    "approval_required": ("taken up, and its draft waits for approval", "قُبلت ومسودتها بانتظار الاعتماد"),
    "approved": ("approved", "اعتُمدت"),
    "skipped": ("skipped", "تم تخطيها"),
    "cancelled": ("cancelled", "أُلغيت"),
}


def nothing_changed(language: Language, title: str, state: OpportunityState, who: str, at: datetime) -> str:
    """To a second, late or misplaced press: where the opportunity stands, since when and by whom."""
    english, arabic = _STATES[state]
    last = f"{_inline(who)}, {clock(language, at)}" if who else clock(language, at)
    return said(
        language,
        en=f"Nothing was changed: {_inline(title)} is {english} ({last}).",
        ar=f"لم يتغيّر شيء: {_inline(title)} {arabic} ({last}).",
    )


def nothing_changed_about_draft(language: Language, state: DraftState) -> str:
    """To a press about a draft that is no longer the one that waits."""
    if state == "superseded":
        return said(
            language,
            en="Nothing was changed: this text was changed, and the newer card counts.",
            ar="لم يتغيّر شيء: عُدِّل هذا النص، والبطاقة الأحدث هي المعتبرة.",
        )
    if state == "approved":
        return said(
            language,
            en="Nothing was changed: this draft was approved already.",
            ar="لم يتغيّر شيء: اعتُمدت هذه المسودة من قبل.",
        )
    return said(
        language,
        en="Nothing was changed: this draft was cancelled already.",
        ar="لم يتغيّر شيء: أُلغيت هذه المسودة من قبل.",
    )


def not_yet_scheduled(language: Language) -> str:
    """To a press of Schedule before anybody took the opportunity up."""
    return said(
        language,
        en="Nothing was changed: accept it or draft a message first.",
        ar="لم يتغيّر شيء: اقبل الفرصة أو اطلب رسالة أولًا.",
    )


def scheduled_before(language: Language) -> str:
    return said(
        language,
        en="Nothing was changed: its meeting was drafted already.",
        ar="لم يتغيّر شيء: أُعدّت مسودة الاجتماع من قبل.",
    )


def not_an_operator(language: Language) -> str:
    return said(
        language,
        en="Nothing was changed: only operators decide about this.",
        ar="لم يتغيّر شيء: هذا القرار للمشغّلين وحدهم.",
    )


_TOLD: dict[Change, tuple[str, str]] = {
    "accept": ("accepted", "قبل"),
    "draft": ("asked for a draft", "طلب مسودة"),
    "skip": ("skipped", "تخطّى"),
    "approve": ("approved the message about", "اعتمد الرسالة بشأن"),
    "cancel": ("cancelled the draft about", "ألغى المسودة بشأن"),
    "rewrite": ("changed the draft about", "عدّل المسودة بشأن"),
    "schedule": ("drafted a meeting about", "أعدّ مسودة اجتماع بشأن"),
}


def told(language: Language, who: str, change: Change, title: str) -> str:
    """To the other operators: who did what."""
    english, arabic = _TOLD[change]
    return said(
        language,
        en=f"{_inline(who)} {english}: {_inline(title)}",
        ar=f"{_inline(who)} {arabic}: {_inline(title)}",
    )


# -- the draft and the meeting, in plain text: no mark is read in them ---------------------------------------


def template(language: Language, contact: str, title: str) -> str:
    """What a draft says where no agent writes it."""
    return said(
        language,
        en=f"Hello {contact}, this is about: {title}. May we tell you more?",
        ar=f"مرحبًا {contact}، نتواصل معك بخصوص: {title}. هل تودّ معرفة المزيد؟",
    )


def meeting_name(language: Language, contact: str, title: str) -> str:
    return said(language, en=f"{title} (with {contact})", ar=f"{title} (مع {contact})")


def meeting_note(language: Language) -> str:
    """Inside the calendar file."""
    return said(
        language,
        en="A draft. Nobody was invited; the time is a proposal.",
        ar="مسودة. لم يُدعَ أحد، والموعد مقترح.",
    )


def scheduled(language: Language, contact: str, at: str) -> str:
    """Above the calendar file."""
    return said(
        language,
        en=f"A draft of a meeting with {_inline(contact)}, proposed for {_inline(at)}. Nobody was invited.",
        ar=f"مسودة اجتماع مع {_inline(contact)}، الموعد المقترح {_inline(at)}. لم يُدعَ أحد.",
    )


# -- notifications -------------------------------------------------------------------------------------------


def noted(language: Language, title: str, at: datetime) -> str:
    """To whoever pressed an action of a notification."""
    when = clock(language, at)
    return said(language, en=f"Noted: {_inline(title)} ({when}).", ar=f"تم التسجيل: {_inline(title)} ({when}).")


def noted_before(language: Language, title: str, at: datetime) -> str:
    when = clock(language, at)
    return said(
        language,
        en=f"Already noted: {_inline(title)} ({when}).",
        ar=f"سُجّل من قبل: {_inline(title)} ({when}).",
    )


def not_yours(language: Language) -> str:
    """To somebody else than the person that a notification was for."""
    return said(
        language,
        en="Nothing was changed: this was for somebody else.",
        ar="لم يتغيّر شيء: هذا الإشعار لشخص آخر.",
    )
