"""What the runbook agent says about the largest directories of a filesystem."""

from datetime import datetime

from aof.texts.language import Language, said
from aof.texts.machine_words import clock, named, size


def largest(
    language: Language, *, path: str, size_bytes: int, root: str, total_bytes: int, host: str, at: datetime
) -> str:
    """Above the lines; `total_bytes` is all that was counted under `root`."""
    first, amount = named(language, path), size(language, size_bytes)
    below, total = named(language, root), size(language, total_bytes)
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"{first} is the largest directory of {below} on {where} ({when}): {amount} of the {total} I counted.",
        ar=f"أكبر مجلد في {below} على {where} ({when}) هو {first}: {amount} من {total} أحصيتها.",
    )


def line(language: Language, *, path: str, size_bytes: int, is_whole: bool) -> str:
    """One directory with all that is inside it."""
    shown, amount = named(language, path), size(language, size_bytes)
    if is_whole:
        return f"- {shown}: {amount}"
    return said(language, en=f"- {shown}: at least {amount}", ar=f"- {shown}: {amount} على الأقل")


def no_directories(language: Language, *, root: str, total_bytes: int, host: str, at: datetime) -> str:
    below, total = named(language, root), size(language, total_bytes)
    where, when = named(language, host), clock(language, at)
    return said(
        language,
        en=f"I see no directories in {below} on {where} ({when}). I counted {total} there.",
        ar=f"لا أرى مجلدات في {below} على {where} ({when}). أحصيت فيه {total}.",
    )


def not_finished(language: Language, *, seconds: float, entries: int) -> str:
    """Under sizes that are only the least they can be."""
    return said(
        language,
        en=f"I stopped before the end, after {entries} files and at most {seconds:.0f} s. "
        "Sizes may be larger, and a larger directory may be missing.",
        ar=f"توقفت قبل النهاية، بعد {entries} ملف وخلال {seconds:.0f} ثانية على الأكثر. "
        "قد تكون الأحجام أكبر، وقد يغيب مجلد أكبر منها.",
    )


def unreadable(language: Language, count: int) -> str:
    """Under sizes in which something is missing for want of rights."""
    directories = "1 directory" if count == 1 else f"{count} directories"
    return said(
        language,
        en=f"I could not look into {directories}, so what is inside is not counted.",
        ar=f"لم أستطع النظر داخل مجلدات عددها {count}، فما فيها غير محسوب.",
    )


def only_whole(language: Language, *, root: str) -> str:
    """Above the answer to a question about one path."""
    path = named(language, root)
    return said(
        language,
        en=f"This is for all of {path}; I look at whole filesystems only.",
        ar=f"هذا عن {path} كله؛ لا أنظر إلا في أنظمة الملفات كاملة.",
    )
