"""The page for operators: opportunities and their drafts."""

from aof.texts.language import Language, isolated, said


def contact(language: Language) -> str:
    return said(language, en="Contact", ar="جهة الاتصال")


def brought_by(language: Language) -> str:
    return said(language, en="Brought by", ar="أحضرها")


def will_be_sent(language: Language) -> str:
    return said(language, en="This will be sent, exactly, once it is approved:", ar="هذا ما سيُرسل بالضبط بعد الاعتماد:")


def draft_text(language: Language) -> str:
    return said(language, en="The text:", ar="النص:")


def written_by(language: Language) -> str:
    return said(language, en="Written by", ar="كتبه")


def another_text(language: Language) -> str:
    return said(language, en="Another text", ar="نص آخر")


def opportunity_open(language: Language) -> str:
    return said(language, en="new", ar="جديدة")


def opportunity_approval_required(language: Language) -> str:
    return said(language, en="its draft waits", ar="مسودتها تنتظر")


def opportunity_approved(language: Language) -> str:
    return said(language, en="approved", ar="معتمدة")


def opportunity_skipped(language: Language) -> str:
    return said(language, en="skipped", ar="متخطاة")


def opportunity_cancelled(language: Language) -> str:
    return said(language, en="cancelled", ar="ملغاة")


def change_accept(language: Language) -> str:
    return said(language, en="Accept", ar="قبول")


def change_draft(language: Language) -> str:
    return said(language, en="Message", ar="رسالة")


def change_skip(language: Language) -> str:
    return said(language, en="Skip", ar="تخطي")


def change_schedule(language: Language) -> str:
    return said(language, en="Meeting", ar="موعد")


def change_approve(language: Language) -> str:
    return said(language, en="Approve", ar="اعتماد")


def change_rewrite(language: Language) -> str:
    return said(language, en="Keep this text", ar="حفظ هذا النص")


def change_cancel(language: Language) -> str:
    return said(language, en="Cancel", ar="إلغاء")


def moved_accept(language: Language) -> str:
    return said(language, en="Accepted. A draft is below; nothing was sent.", ar="قُبلت. المسودة أدناه؛ لم يُرسل شيء.")


def moved_draft(language: Language) -> str:
    return said(language, en="A draft is below; nothing was sent.", ar="المسودة أدناه؛ لم يُرسل شيء.")


def moved_skip(language: Language) -> str:
    return said(language, en="Skipped. Nothing was sent.", ar="تُخطّيت. لم يُرسل شيء.")


def moved_schedule(language: Language) -> str:
    return said(language, en="A meeting draft was made. Nothing was sent.", ar="أُعدّت مسودة موعد. لم يُرسل شيء.")


def moved_approve(language: Language) -> str:
    return said(
        language,
        en="Approved. What becomes of the message is shown below.",
        ar="اعتُمدت. يظهر أدناه ما آلت إليه الرسالة.",
    )


def moved_rewrite(language: Language) -> str:
    return said(
        language, en="The new text waits for approval; nothing was sent.", ar="النص الجديد ينتظر الاعتماد؛ لم يُرسل شيء."
    )


def moved_cancel(language: Language) -> str:
    return said(language, en="Cancelled. Nothing was sent.", ar="أُلغيت. لم يُرسل شيء.")


def no_operator(language: Language, name: str) -> str:
    return said(
        language,
        en=f"{name} is not among spec.operator.operators",
        ar=f"{isolated(name)} ليس من {isolated('spec.operator.operators')}",
    )


def need_opportunity(language: Language, title: str) -> str:
    return said(language, en=f"Opportunity: {title}", ar=f"فرصة: {isolated(title)}")


def keep_it_first(language: Language) -> str:
    return said(
        language,
        en="the text was changed. Keep it first, and approve what is shown then",
        ar="تغيّر النص. احفظه أولًا ثم اعتمد ما يُعرض",
    )
