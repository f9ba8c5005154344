"""The page for operators: what needs a person, and conversations."""

from aof.texts.language import Language, isolated, said


def nothing_needed(language: Language) -> str:
    return said(language, en="Nothing needs a person now.", ar="لا شيء يحتاج إلى شخص الآن.")


def nothing_needed_hint(language: Language) -> str:
    return said(
        language,
        en="What is held, did not arrive, waits for a decision or could not be answered "
        "comes here by itself, the oldest first.",
        ar="ما أُوقف أو لم يصل أو ينتظر قرارًا أو تعذّر الرد عليه يظهر هنا تلقائيًا، الأقدم أولًا.",
    )


def oldest_first(language: Language) -> str:
    return said(
        language,
        en="The oldest first. Each row has the one step that helps.",
        ar="الأقدم أولًا. لكل سطر الخطوة التي تنفع.",
    )


def need_held(language: Language, count: int, gate: str) -> str:
    return said(language, en=f"{count} held by {gate}", ar=f"{count} موقوفة عند {isolated(gate)}")


def need_failed(language: Language, who: str) -> str:
    return said(language, en=f"Did not arrive: {who}", ar=f"لم تصل: {isolated(who)}")


def need_more(language: Language, count: int) -> str:
    return said(language, en=f"{count} more that did not arrive", ar=f"{count} أخرى لم تصل")


def need_decision(language: Language, who: str) -> str:
    return said(language, en=f"{who} asks to run a command", ar=f"{isolated(who)} يطلب تنفيذ أمر")


def need_stopped(language: Language, account: str) -> str:
    return said(language, en=f"Nothing leaves for {account}", ar=f"لا شيء يصدر عن {isolated(account)}")


def need_unanswered(language: Language, count: int) -> str:
    return said(language, en=f"{count} could not be read or answered", ar=f"{count} تعذّرت قراءتها أو الرد عليها")


def need_pairing(language: Language, who: str) -> str:
    return said(language, en=f"{who} asks to be let in", ar=f"{isolated(who)} يطلب السماح له بالدخول")


def need_switch(language: Language, who: str) -> str:
    return said(language, en=f"The kill switch is on, by {who}", ar=f"مفتاح الإيقاف مفعّل، من {isolated(who)}")


def nobody_wrote(language: Language) -> str:
    return said(language, en="Nobody has written yet.", ar="لم يكتب أحد بعد.")


def nobody_wrote_hint(language: Language) -> str:
    return said(
        language,
        en="When somebody writes to one of your numbers, the conversation stands here with "
        "everything that was said and sent.",
        ar="حين يكتب أحد إلى أحد أرقامك تظهر المحادثة هنا بكل ما قيل وأُرسل.",
    )


def nothing_found(language: Language, words: str) -> str:
    return said(language, en=f"Nothing is like “{words}”.", ar=f"لا شيء يشبه «{isolated(words)}».")


def nothing_found_hint(language: Language) -> str:
    return said(
        language,
        en="Names, words of recent lines, and four digits or more of a number are looked for.",
        ar="يُبحث في الأسماء وكلمات السطور الأخيرة وأربعة أرقام فأكثر من رقم الهاتف.",
    )


def search_hint(language: Language) -> str:
    return said(language, en="A name, words, or digits of a number", ar="اسم أو كلمات أو أرقام من هاتف")


def never_wrote(language: Language) -> str:
    return said(language, en="never wrote", ar="لم يكتب قط")


def group(language: Language) -> str:
    return said(language, en="group", ar="مجموعة")


def needs_count(language: Language, count: int) -> str:
    return said(language, en=f"{count} to look at", ar=f"{count} للنظر")


def calls_themselves(language: Language, name: str) -> str:
    return said(language, en=f"calls themselves {name}", ar=f"يسمّي نفسه {isolated(name)}")


def show_number(language: Language) -> str:
    return said(language, en="Show the number", ar="إظهار الرقم")


def show_number_hint(language: Language) -> str:
    return said(language, en="It is written down that you did.", ar="يُدوَّن أنك فعلت.")


def they_said(language: Language) -> str:
    return said(language, en="They", ar="هم")


def we_said(language: Language) -> str:
    return said(language, en="Sent", ar="أُرسل")


def nothing_said(language: Language) -> str:
    return said(language, en="Nothing is kept of this conversation any more.", ar="لم يعد شيء محفوظًا من هذه المحادثة.")


def waits_answer(language: Language) -> str:
    return said(language, en="not answered yet", ar="لم يُجب بعد")


def opens(language: Language, label: str) -> str:
    return said(language, en=f"opens “{label}”", ar=f"يفتح «{isolated(label)}»")


def part_template(language: Language, name: str) -> str:
    return said(language, en=f"Template {name}", ar=f"قالب {isolated(name)}")


def part_media(language: Language, kind: str) -> str:
    return said(language, en=f"File: {kind}", ar=f"ملف: {isolated(kind)}")


def part_document(language: Language, name: str) -> str:
    return said(language, en=f"File {name}", ar=f"ملف {isolated(name)}")


def part_reaction(language: Language, emoji: str) -> str:
    return said(language, en=f"Reaction {emoji}", ar=f"تفاعل {isolated(emoji)}")


def part_unknown(language: Language) -> str:
    return said(language, en="Written by another version; it can't be shown.", ar="كتبته نسخة أخرى؛ لا يمكن عرضه.")


def state_queued(language: Language) -> str:
    return said(language, en="waits", ar="تنتظر")


def state_deferred(language: Language) -> str:
    return said(language, en="waits for the next attempt", ar="تنتظر المحاولة التالية")


def state_sending(language: Language) -> str:
    return said(language, en="being sent", ar="قيد الإرسال")


def state_uncertain(language: Language) -> str:
    return said(language, en="not known", ar="غير معروفة")


def state_held(language: Language) -> str:
    return said(language, en="held", ar="موقوفة")


def state_dead(language: Language) -> str:
    return said(language, en="refused", ar="مرفوضة")


def state_sent(language: Language) -> str:
    return said(language, en="sent", ar="أُرسلت")


def state_failed(language: Language) -> str:
    return said(language, en="failed", ar="فشلت")


def state_delivered(language: Language) -> str:
    return said(language, en="delivered", ar="وصلت")


def state_read(language: Language) -> str:
    return said(language, en="read", ar="قُرئت")


def state_played(language: Language) -> str:
    return said(language, en="played", ar="شُغّلت")


def state_buried(language: Language) -> str:
    return said(language, en="left at that", ar="تُركت")


def made(language: Language) -> str:
    return said(language, en="made", ar="أُنشئت")


def asked_platform(language: Language, count: int) -> str:
    return said(language, en=f"{count} attempts", ar=f"{count} محاولات")


def repeated(language: Language) -> str:
    return said(language, en="sent once more after a request without an answer", ar="أُرسلت مرة أخرى بعد طلب بلا رد")


def next_attempt(language: Language) -> str:
    return said(language, en="next attempt", ar="المحاولة التالية")
