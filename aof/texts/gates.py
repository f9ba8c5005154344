"""What opens each gate: read by operators at a terminal and on a page."""

from typing import Literal, get_args

from aof.texts.language import Language, isolated, said

Gate = Literal["platform", "live_send", "access", "consent", "operator", "window", "template"]
"""In the order in which they are asked."""
GATES: tuple[str, ...] = get_args(Gate)


def opens(language: Language, gate: str) -> str:
    """What lets go what a gate holds; empty for one that this version does not know."""
    match gate:
        case "platform":
            return said(
                language,
                en="Configure its account again, restart, then release it.",
                ar="أعد ضبط حسابها وأعد التشغيل ثم أطلقها.",
            )
        case "live_send":
            return said(
                language,
                en="Let the account send (allow_live_send), restart, then release it.",
                ar=f"اسمح للحساب بالإرسال ({isolated('allow_live_send')}) وأعد التشغيل ثم أطلقها.",
            )
        case "access":
            return said(
                language,
                en="Let the person in again, then release it.",
                ar="اسمح للشخص بالدخول من جديد ثم أطلقها.",
            )
        case "consent":
            return said(
                language,
                en="The person has to agree to be written to; then release it.",
                ar="على الشخص أن يوافق على مراسلته، ثم أطلقها.",
            )
        case "operator":
            return said(
                language,
                en="Look whether it arrived; then release it, or leave it.",
                ar="انظر هل وصلت، ثم أطلقها أو اتركها.",
            )
        case "window":
            return said(
                language,
                en="It follows by itself as soon as the person writes, or taps the nudge.",
                ar="تُرسل تلقائيًا حالما يكتب الشخص أو يضغط زر التنبيه.",
            )
        case "template":
            return said(
                language,
                en="It follows by itself once the platform approves the template again.",
                ar="تُرسل تلقائيًا حالما تعتمد المنصة القالب من جديد.",
            )
        case _:
            return ""
