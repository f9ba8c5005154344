"""The page for operators: numbers, the log, and how the daemon does."""

from aof.texts.language import Language, isolated, said


def sends(language: Language) -> str:
    return said(language, en="sends", ar="يُرسل")


def stopped(language: Language) -> str:
    return said(language, en="stopped", ar="متوقف")


def held_back(language: Language) -> str:
    return said(language, en="held back", ar="محجوز")


def resume_account(language: Language) -> str:
    return said(language, en="Resume", ar="استئناف")


def resume_account_hint(language: Language) -> str:
    return said(
        language, en="When the cause is mended. What waits leaves then.", ar="بعد إصلاح السبب. يصدر ما كان ينتظر."
    )


def account_resumed(language: Language, account: str) -> str:
    return said(language, en=f"{account} sends again.", ar=f"يُرسل {isolated(account)} ثانية.")


def account_not_stopped(language: Language, account: str) -> str:
    return said(language, en=f"{account} is not stopped", ar=f"{isolated(account)} ليس متوقفًا")


def everybody_may_talk(language: Language) -> str:
    return said(language, en="everybody may talk", ar="الجميع يحادث")


def pairing_talks(language: Language) -> str:
    return said(language, en="whoever was let in by a code", ar="من سُمح له برمز")


def listed_talk(language: Language) -> str:
    return said(language, en="whoever the configuration lists", ar="من تذكرهم الإعدادات")


def who_may_talk(language: Language) -> str:
    return said(language, en="Who may talk", ar="من يحادث")


def log_empty(language: Language) -> str:
    return said(language, en="Nothing was logged since the start.", ar="لم يُسجَّل شيء منذ البدء.")


def log_hint(language: Language) -> str:
    return said(
        language,
        en="The newest lines as the log has them, without texts, numbers and secrets.",
        ar="أحدث السطور كما في السجل، بلا نصوص ولا أرقام ولا أسرار.",
    )


def log_level(language: Language) -> str:
    return said(language, en="Level", ar="الدرجة")


def log_all(language: Language) -> str:
    return said(language, en="All lines", ar="كل السطور")


def log_warnings(language: Language) -> str:
    return said(language, en="Warnings only", ar="التحذيرات فقط")


def version(language: Language) -> str:
    return said(language, en="Version", ar="الإصدار")


def started(language: Language) -> str:
    return said(language, en="Started", ar="بدأ")


def is_ready(language: Language) -> str:
    return said(language, en="The daemon is ready.", ar="الخدمة جاهزة.")


def is_not_ready(language: Language) -> str:
    return said(language, en="The daemon is not ready.", ar="الخدمة غير جاهزة.")


def inbox(language: Language) -> str:
    return said(language, en="Received", ar="الوارد")


def outbox(language: Language) -> str:
    return said(language, en="To be sent", ar="الصادر")


def switch_on(language: Language, who: str) -> str:
    return said(
        language,
        en=f"The kill switch is on, by {who}: nothing changes and nothing is asked.",
        ar=f"مفتاح الإيقاف مفعّل من {isolated(who)}: لا يتغير شيء ولا يُسأل عن شيء.",
    )


def switch_off(language: Language) -> str:
    return said(language, en="The kill switch is off.", ar="مفتاح الإيقاف غير مفعّل.")


def throw_on(language: Language) -> str:
    return said(language, en="Turn the kill switch on", ar="تفعيل مفتاح الإيقاف")


def throw_off(language: Language) -> str:
    return said(language, en="Turn it off", ar="إلغاء التفعيل")


def thrown_on(language: Language, count: int) -> str:
    return said(
        language,
        en=f"The kill switch is on. Open questions that ended: {count}.",
        ar=f"فُعّل مفتاح الإيقاف. انتهت أسئلة مفتوحة: {count}.",
    )


def thrown_off(language: Language) -> str:
    return said(
        language, en="The kill switch is off: changes can be asked for.", ar="أُلغي مفتاح الإيقاف: يمكن طلب التغييرات."
    )


def stands_so(language: Language) -> str:
    return said(language, en="it stands so already", ar="هو كذلك بالفعل")


def sessions(language: Language) -> str:
    return said(language, en="Signed in", ar="جلسات الدخول")


def session_until(language: Language) -> str:
    return said(language, en="until", ar="حتى")


def this_one(language: Language) -> str:
    return said(language, en="you", ar="أنت")


def end_sessions(language: Language) -> str:
    return said(language, en="Sign out everywhere", ar="تسجيل الخروج من كل مكان")


def sessions_ended(language: Language, name: str, count: int) -> str:
    return said(language, en=f"{name} is signed out: {count}.", ar=f"سُجّل خروج {isolated(name)}: {count}.")


def nothing_in_state(language: Language) -> str:
    return said(language, en="nothing", ar="لا شيء")


def event_new(language: Language) -> str:
    return said(language, en="waits", ar="ينتظر")


def event_running(language: Language) -> str:
    return said(language, en="being answered", ar="يُجاب عنه")


def event_parked(language: Language) -> str:
    return said(language, en="its sender is asked", ar="يُسأل مرسله")


def event_dead(language: Language) -> str:
    return said(language, en="given up", ar="تُرك")
