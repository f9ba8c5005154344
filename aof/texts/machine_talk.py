"""What the runbook agent says about itself, and what its topics and next steps are called."""

from collections.abc import Mapping

from aof.texts.language import Language, said
from aof.texts.machine_words import named

_TITLES: Mapping[str, tuple[str, str]] = {
    "disk": ("Disk", "القرص"),
    "memory": ("Memory", "الذاكرة"),
    "load": ("Load", "الحِمل"),
    "top": ("Top processes", "العمليات الأنشط"),
    "services": ("Services", "الخدمات"),
    "journal": ("Service logs", "سجلات الخدمات"),
    "containers": ("Containers", "الحاويات"),
    "pods": ("Pods", "الـ Pods"),
    "network": ("Network", "الشبكة"),
    "ports": ("Listening ports", "منافذ الاستماع"),
    "directories": ("Largest directories", "أكبر المجلدات"),
    "users": ("Logged-in users", "المستخدمون الحاليون"),
    "uptime": ("Uptime", "مدة التشغيل"),
}


def topic(language: Language, name: str) -> str:
    """What a topic's button says; at most 20 characters, WhatsApp's smallest."""
    english, arabic = _TITLES[name]
    return said(language, en=english, ar=arabic)


def introduction(language: Language, *, host: str) -> str:
    """To a greeting."""
    where = named(language, host)
    return said(
        language,
        en=f"Hello. I answer questions about {where} and its cluster. I only look and change nothing.",
        ar=f"أهلًا. أجيب عن أسئلة حول {where} والعنقود المتصل به. أنظر فقط ولا أغيّر شيئًا.",
    )


def about(language: Language) -> str:
    """In a menu of agents."""
    return said(language, en="looks at this machine and its cluster", ar="ينظر في هذا الجهاز والعنقود المتصل به")


def what_i_know(language: Language) -> str:
    """Above all topics, when a text fits none."""
    return said(
        language,
        en="I can answer these. I only look and change nothing.",
        ar="هذا ما أستطيع الإجابة عنه. أنظر فقط ولا أغيّر شيئًا.",
    )


def did_you_mean(language: Language) -> str:
    """Above the topics that a text comes near to."""
    return said(language, en="I am not sure what you mean. One of these?", ar="لست متأكدًا مما تقصده. أحد هذه؟")


def only_looks(language: Language) -> str:
    """To a request that would change something."""
    return said(
        language,
        en="I only look and change nothing, so I left that alone. I can show you these.",
        ar="أنظر فقط ولا أغيّر شيئًا، فلم أنفّذ ذلك. يمكنني عرض ما يلي.",
    )


def unknown_step(language: Language) -> str:
    """To a tap on a next step that this agent doesn't know."""
    return said(
        language,
        en="I don't know that button any more. I can answer these.",
        ar="لم أعد أعرف هذا الزر. هذا ما أستطيع الإجابة عنه.",
    )


def view_logs(language: Language) -> str:
    return said(language, en="View Logs", ar="عرض السجلات")


def describe_pod(language: Language) -> str:
    return said(language, en="Describe Pod", ar="وصف الـ Pod")


def check_events(language: Language) -> str:
    return said(language, en="Check Events", ar="عرض الأحداث")


def check_again(language: Language) -> str:
    return said(language, en="Check Again", ar="فحص من جديد")
