"""Why what an operator asked for was not done, at the terminal and on the page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from aof.domain.consent import BARRED, Barrier
from aof.texts.language import Language, isolated, said

Closed = Literal["sent_away"] | Barrier
"""Why a person gets nothing: they may not talk here, opted out, or never agreed."""


def nothing_held(language: Language) -> str:
    return said(
        language,
        en="nothing of that is held; aof outbox list --state held shows what is",
        ar="لا شيء من ذلك موقوف الآن",
    )


def gates_unseen(language: Language, why: str) -> str:
    return said(
        language,
        en=f"nothing was released, since it can't be seen whether the gate is open: {why}",
        ar=f"لم يُفرج عن شيء، فلا يُعرف إن كانت البوابة مفتوحة: {isolated(why)}",
    )


def not_configured(language: Language, account: str) -> str:
    return said(
        language,
        en=f"nothing was released: {account} is not in the configuration any more",
        ar=f"لم يُفرج عن شيء: {isolated(account)} لم يعد في الإعدادات",
    )


def gate_closed(language: Language, why: str) -> str:
    return said(language, en=f"nothing was released: {why}", ar=f"لم يُفرج عن شيء: {isolated(why)}")


def closed(language: Language, by: Closed) -> str:
    """Why a person gets nothing."""
    if by == "sent_away":
        return said(language, en="whoever it is for may not talk here", ar="صاحبها غير مسموح له بالمحادثة هنا")
    if by == "out":
        return said(language, en=BARRED[by], ar="صاحبها ألغى اشتراكه؛ تفتحها كلمة اشتراك منه")
    return said(
        language, en=BARRED[by], ar=f"صاحبها لم يوافق قط على مراسلته؛ تفتحها موافقته على {isolated('aof consent ask')}"
    )


def not_released(language: Language, number: int, by: Closed) -> str:
    return said(
        language,
        en=f"nothing was released, for message {number}: {closed(language, by)}",
        ar=f"لم يُفرج عن شيء، للرسالة {isolated(str(number))}: {closed(language, by)}",
    )


def has_to_write_first(language: Language, number: int) -> str:
    return said(
        language,
        en=f"nothing was released: whoever message {number} is for has to write first",
        ar=f"لم يُفرج عن شيء: على صاحب الرسالة {isolated(str(number))} أن يكتب أولًا",
    )


def template_closed(language: Language, name: str, of: str, state: str) -> str:
    return said(
        language,
        en=f"the template {name} ({of}) is {state}: aof templates show {name}",
        ar=f"القالب {isolated(f'{name} ({of})')} حالته {isolated(state)}",
    )


def replayed_by_others(language: Language, id_: str) -> str:
    return said(
        language, en=f"{id_} is gone: somebody else has taken it up", ar=f"لم يعد {isolated(id_)} هنا: تولّاه غيرك"
    )


def belongs_nowhere(language: Language, id_: str, account: str) -> str:
    return said(
        language,
        en=f"{id_} belongs to {account or 'no account'}, which is not in the configuration",
        ar=f"{isolated(id_)} يخص {isolated(account or '—')}، وهو ليس في الإعدادات",
    )


def reads_once(language: Language, platform: str) -> str:
    return said(
        language,
        en=f"{platform} reads nothing a second time",
        ar=f"{isolated(platform)} لا يقرأ شيئًا مرة ثانية",
    )


def still_unreadable(language: Language, id_: str, why: str) -> str:
    return said(
        language,
        en=f"{id_} still can't be read: {why}",
        ar=f"ما زالت قراءة {isolated(id_)} متعذرة: {isolated(why)}",
    )


def nothing_in_it(language: Language, id_: str) -> str:
    return said(
        language,
        en=f"there is nothing in {id_} that could be taken up; it stays on the list",
        ar=f"لا شيء في {isolated(id_)} يمكن استئنافه؛ يبقى في القائمة",
    )


def nobody_called(language: Language, name: str, known: Sequence[str]) -> str:
    return said(
        language,
        en=f"spec.people has nobody called {name}; it has {', '.join(known) or 'nobody'}",
        ar=f"لا أحد اسمه {isolated(name)} في {isolated('spec.people')}",
    )


def not_asked(language: Language, name: str) -> str:
    return said(
        language,
        en=f"{name} is not among those who may decide about it",
        ar=f"{isolated(name)} ليس ممن يحق لهم القرار فيه",
    )


def asked_for_it(language: Language, name: str) -> str:
    return said(
        language,
        en=f"{name} asked for it, so somebody else has to decide",
        ar=f"{isolated(name)} هو من طلبه، فالقرار لغيره",
    )


def changed_it(language: Language, name: str) -> str:
    return said(
        language,
        en=f"{name} changed the command, so somebody else has to decide",
        ar=f"{isolated(name)} هو من عدّل الأمر، فالقرار لغيره",
    )


def is_suspended(language: Language, name: str) -> str:
    return said(language, en=f"{name} is suspended", ar=f"{isolated(name)} موقوف مؤقتًا")


def may_not_talk(language: Language, name: str) -> str:
    return said(
        language,
        en=f"{name} may not talk here, so they decide nothing either",
        ar=f"{isolated(name)} غير مسموح له بالمحادثة هنا، فلا يقرر شيئًا",
    )


def has_voted(language: Language, name: str) -> str:
    return said(language, en=f"{name} has voted about it already", ar=f"سبق أن صوّت {isolated(name)} فيه")


def nothing_decided(language: Language, why: str) -> str:
    return said(language, en=f"nothing was decided: {why}", ar=f"لم يُقرَّر شيء: {why}")


_STATES = {
    "asked": "قيد الانتظار",
    "approved": "موافَق عليه",
    "running": "قيد التنفيذ",
    "done": "منفَّذ",
    "failed": "فاشل",
    "unknown": "مجهول النتيجة",
    "denied": "مرفوض",
    "lapsed": "منتهي المهلة",
    "superseded": "مستبدَل",
    "void": "ملغى",
}


def question_state(language: Language, state: str) -> str:
    """What became of a question, in a word."""
    return said(language, en=state, ar=_STATES.get(state, state))


def question_ended(language: Language, state: str, by: str, at: datetime | None, superseded_by: str) -> str:
    when = f"{at:%Y-%m-%d %H:%M} UTC" if at else ""
    return said(
        language,
        en=f"it is {state}"
        + (f" by {by}" if by else "")
        + (f" at {when}" if when else "")
        + (f"; {superseded_by} took its place" if superseded_by else ""),
        ar=f"هو {question_state(language, state)}"
        + (f" من {isolated(by)}" if by else "")
        + (f" في {isolated(when)}" if when else "")
        + (f"؛ حلّ محله {isolated(superseded_by)}" if superseded_by else ""),
    )


def name_configured(language: Language, name: str) -> str:
    return said(
        language,
        en=f"the configuration has somebody called {name} already; choose another name with --name",
        ar=f"في الإعدادات من اسمه {isolated(name)}؛ اختر اسمًا آخر",
    )


def nobody_let_in(language: Language, who: str) -> str:
    return said(
        language,
        en=f"nobody called {who} was let in; aof pair list shows who was",
        ar=f"لم يُسمح بالدخول لأحد اسمه {isolated(who)}",
    )


def no_open_code(language: Language, minutes: int, tries: int) -> str:
    return said(
        language,
        en=f"nobody has an open code. One opens for {minutes} minutes and until {tries} wrong ones were typed; "
        "whoever writes a day later is told a new one",
        ar=f"لا رمز مفتوح لأحد. يبقى الرمز صالحًا {minutes} دقيقة وحتى {tries} محاولات خاطئة؛ "
        "ومن يكتب بعد يوم يُعطى رمزًا جديدًا",
    )


def no_code(language: Language) -> str:
    return said(
        language,
        en="that is no code, and nobody like that was sent away. A code looks like 7K4F-92QD and is on their phone",
        ar=f"هذا ليس رمزًا. يشبه الرمز {isolated('7K4F-92QD')} وهو على هاتف صاحبه",
    )


def wrong_code(language: Language, left: int) -> str:
    return said(
        language,
        en=f"no open code is like that. After {left} more wrong one{'s' * (left != 1)} "
        "nobody is let in by the codes that are open now",
        ar=f"لا رمز مفتوح كهذا. بعد {left} محاولات خاطئة أخرى لا تصلح الرموز المفتوحة الآن",
    )


def do_shut_out(language: Language) -> str:
    """What helps where somebody lets nothing through to them."""
    return said(
        language,
        en="They blocked the bot, or never started it. Once they write to it, send this again; until then reach them "
        "another way.",
        ar="حظر هذا الشخص البوت أو لم يبدأ معه. أرسلها ثانية بعد أن يكتب له، وحتى ذلك الحين تواصل معه بطريقة أخرى.",
    )


def nobody_pairs(language: Language) -> str:
    return said(
        language,
        en="no account lets anybody in by a code: the configuration says who may talk. Add them there",
        ar="لا يسمح أي حساب بالدخول برمز: الإعداد يحدد من يحق له التحدث. أضفه هناك",
    )
