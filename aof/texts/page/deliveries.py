"""The page for operators: messages on their way, and what could not be answered."""

from aof.texts.language import Language, isolated, said


def no_deliveries(language: Language) -> str:
    return said(language, en="Nothing was sent yet.", ar="لم يُرسل شيء بعد.")


def no_deliveries_hint(language: Language) -> str:
    return said(
        language,
        en="Each message that leaves, waits, is held or fails stands here, with what the platform said of it.",
        ar="كل رسالة تصدر أو تنتظر أو تُوقف أو تفشل تظهر هنا مع ما قالته المنصة عنها.",
    )


def none_like_that(language: Language) -> str:
    return said(language, en="None is like that now.", ar="لا شيء كذلك الآن.")


def filter_all(language: Language) -> str:
    return said(language, en="All", ar="الكل")


def filter_trouble(language: Language) -> str:
    return said(language, en="To look at", ar="للنظر")


def code(language: Language) -> str:
    return said(language, en="Platform's code", ar="رمز المنصة")


def gate(language: Language) -> str:
    return said(language, en="Gate", ar="البوابة")


def cause(language: Language) -> str:
    return said(language, en="Why it was written", ar="سبب كتابتها")


def cause_reply(language: Language) -> str:
    return said(language, en="an answer", ar="رد")


def cause_operator(language: Language) -> str:
    return said(language, en="an operator wrote it", ar="كتبها مشغّل")


def cause_alert(language: Language) -> str:
    return said(language, en="a notice", ar="إشعار")


def cause_system(language: Language) -> str:
    return said(language, en="the daemon's own", ar="من الخدمة")


def release(language: Language) -> str:
    return said(language, en="Release", ar="إفراج")


def release_all(language: Language) -> str:
    return said(language, en="Release all", ar="إفراج عن الكل")


def retry(language: Language) -> str:
    return said(language, en="Send again", ar="إرسال ثانية")


def bury(language: Language) -> str:
    return said(language, en="Leave it at that", ar="تركها")


def bury_hint(language: Language) -> str:
    return said(language, en="It will not be sent, and stands here no more.", ar="لن تُرسل، ولن تظهر هنا.")


def released(language: Language, count: int) -> str:
    return said(language, en=f"Released: {count}. They are on their way.", ar=f"أُفرج عن {count}. هي في طريقها.")


def retried(language: Language, count: int) -> str:
    return said(language, en=f"On its way again: {count}.", ar=f"في الطريق ثانية: {count}.")


def buried(language: Language, count: int) -> str:
    return said(language, en=f"Left at that: {count}.", ar=f"تُركت: {count}.")


def not_retried(language: Language) -> str:
    return said(language, en="none of these is dead or failed any more", ar="لم يعد أي منها فاشلًا أو مرفوضًا")


def not_buried(language: Language) -> str:
    return said(language, en="somebody else has settled it", ar="تولّاها غيرك")


def do_held(language: Language) -> str:
    return said(
        language,
        en="Open the gate first; a release is refused while it is closed.",
        ar="افتح البوابة أولًا؛ يُرفض الإفراج ما دامت مغلقة.",
    )


def do_window(language: Language) -> str:
    return said(
        language,
        en="They had not written for a day. Send it again once they have, or leave it at that.",
        ar="لم يكن قد كتب منذ يوم. أرسلها ثانية بعد أن يكتب، أو اتركها.",
    )


def do_template(language: Language) -> str:
    return said(
        language,
        en="Mend the template in WhatsApp Manager, then send again.",
        ar="أصلح القالب في WhatsApp Manager ثم أرسل ثانية.",
    )


def do_rate(language: Language) -> str:
    return said(
        language,
        en="Nothing: it is tried again by itself, more slowly.",
        ar="لا شيء: تُعاد المحاولة تلقائيًا بوتيرة أبطأ.",
    )


def do_again(language: Language) -> str:
    return said(
        language,
        en="The platform was too busy for it, or asked for a pause. Send it again.",
        ar="كانت المنصة مشغولة أو طلبت التمهل. أرسلها ثانية.",
    )


def do_unreachable(language: Language) -> str:
    return said(language, en="Reach them another way, then leave it at that.", ar="تواصل معه بطريقة أخرى ثم اتركها.")


def do_test_number(language: Language) -> str:
    return said(
        language, en="Add the number under API Setup, then send again.", ar="أضف الرقم في API Setup ثم أرسل ثانية."
    )


def do_marketing(language: Language) -> str:
    return said(language, en="Do not send it again for at least 24 hours.", ar="لا ترسلها ثانية قبل 24 ساعة على الأقل.")


def do_account(language: Language) -> str:
    return said(
        language,
        en="Mend the account at the platform, resume it under Numbers, then send again.",
        ar="أصلح الحساب لدى المنصة، واستأنفه في الأرقام، ثم أرسل ثانية.",
    )


def do_wait(language: Language) -> str:
    return said(language, en="Nothing yet: a receipt may still tell.", ar="لا شيء بعد: قد يبيّن إيصال.")


def do_unknown(language: Language) -> str:
    return said(
        language,
        en="Read the platform's words. If the cause is gone, send again; else leave it at that.",
        ar="اقرأ كلام المنصة. إن زال السبب فأرسل ثانية، وإلا فاتركها.",
    )


def all_answered(language: Language) -> str:
    return said(language, en="Everything could be read and answered.", ar="قُرئ كل شيء وأُجيب عنه.")


def all_answered_hint(language: Language) -> str:
    return said(
        language,
        en="A webhook that can't be read, or a message that broke its turn three times, "
        "waits here and is lost to nobody.",
        ar="ما تعذّرت قراءته أو أفسد دوره ثلاث مرات ينتظر هنا ولا يضيع.",
    )


def replay(language: Language) -> str:
    return said(language, en="Take it up again", ar="استئناف")


def replayed(language: Language, id_: str) -> str:
    return said(language, en=f"{id_} is taken up again.", ar=f"استؤنف {isolated(id_)}.")


def replayed_known(language: Language, id_: str) -> str:
    return said(
        language,
        en=f"{id_} had come before and was taken up then; it is off the list.",
        ar=f"سبق أن جاء {isolated(id_)} واستؤنف حينها؛ خرج من القائمة.",
    )


def open_raw(language: Language) -> str:
    return said(language, en="Show as it came", ar="إظهاره كما ورد")


def bytes_(language: Language, count: int) -> str:
    return said(language, en=f"{count} bytes", ar=f"{count} بايت")
