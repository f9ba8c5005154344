"""The page for operators: what the platform has told of templates."""

from aof.texts.language import Language, isolated, said


def templates(language: Language) -> str:
    return said(language, en="Templates", ar="القوالب")


def no_templates(language: Language) -> str:
    return said(language, en="The platform has told of no template yet.", ar="لم تُخبر المنصة بأي قالب بعد.")


def no_templates_hint(language: Language) -> str:
    field = "message_template_status_update"
    return said(
        language,
        en=f"Subscribe the webhook to {field}. A template that is not listed here is sent all the same.",
        ar=f"اشترك في {isolated(field)} في إعدادات الويب هوك. القالب غير المذكور هنا يُرسل على أي حال.",
    )


def template_category(language: Language, category: str, former: str) -> str:
    """`former` is what it was before the platform filed it anew; empty where it never did."""
    if not former:
        return said(language, en=f"Category: {category}", ar=f"الفئة: {isolated(category)}")
    return said(
        language,
        en=f"Category: {category}, filed anew; it was {former}",
        ar=f"الفئة: {isolated(category)}، أُعيد تصنيفه وكان {isolated(former)}",
    )


def template_quality(language: Language, quality: str) -> str:
    return said(language, en=f"Quality: {quality}", ar=f"الجودة: {isolated(quality)}")


def template_approved(language: Language) -> str:
    return said(language, en="approved", ar="معتمد")


def template_pending(language: Language) -> str:
    return said(language, en="under review", ar="قيد المراجعة")


def template_paused(language: Language) -> str:
    return said(language, en="paused", ar="موقوف مؤقتًا")


def template_disabled(language: Language) -> str:
    return said(language, en="disabled", ar="معطّل")


def template_rejected(language: Language) -> str:
    return said(language, en="rejected", ar="مرفوض")


def template_deleted(language: Language) -> str:
    return said(language, en="deleted", ar="محذوف")


def closed_template_hint(language: Language) -> str:
    return said(
        language,
        en="Nothing of it is sent. What waits for it follows by itself once the platform approves it again.",
        ar="لا يُرسل منه شيء. ما ينتظره يُرسل تلقائيًا حالما تعتمده المنصة من جديد.",
    )
