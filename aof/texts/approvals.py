"""What people read about calls that are asked for, refused, decided and run."""

from collections.abc import Sequence

from aof.domain.risk import Risk
from aof.texts.language import Language


def command(argv: Sequence[str]) -> str:
    """A command as a person reads and copies it: each word as the program gets it, quoted where it has to be."""
    return " ".join(map(_word, argv))


def _word(word: str) -> str:
    plain = word.replace("-", "").replace("_", "").replace(".", "").replace("/", "").replace("=", "").replace(":", "")
    plain = plain.replace(",", "").replace("@", "").replace("+", "").replace("%", "")
    if plain.isascii() and plain.isalnum():
        return word
    if word in {"-", "--", "."}:
        return word
    return "'" + word.replace("'", "'\\''") + "'"


_RISKS = {
    Language.ENGLISH: {
        Risk.READ: "only looks",
        Risk.SENSITIVE: "looks where secrets are",
        Risk.WRITE: "changes something",
        Risk.DELETE: "removes or stops something",
        Risk.DANGEROUS: "dangerous",
    },
    Language.ARABIC: {
        Risk.READ: "قراءة فقط",
        Risk.SENSITIVE: "قراءة قد تكشف أسرارًا",
        Risk.WRITE: "يغيّر شيئًا",
        Risk.DELETE: "يحذف أو يوقف شيئًا",
        Risk.DANGEROUS: "خطِر",
    },
}


def risk(language: Language, of: Risk) -> str:
    """A class in a few words."""
    return _RISKS[language][of]


def blocked(language: Language, argv: Sequence[str], of: Risk, message: str, *, platform: str) -> str:
    """A call that the policy refuses here."""
    shown = f"`{command(argv)}`"
    if language is Language.ARABIC:
        own = message or "من هذه المحادثة أقرأ فقط: get وlist وdescribe وlogs تعمل، والتغيير من الطرفية."
        return f"لم يُنفَّذ {shown} ({risk(language, of)}). {own}"
    own = message or (
        f"From {_called(platform)} I only look: get, list, describe and logs work, changes are made at a terminal."
    )
    return f"Not run: {shown} ({risk(language, of)}). {own}"


def _called(platform: str) -> str:
    return {"whatsapp": "WhatsApp", "telegram": "Telegram"}.get(platform, platform or "here")


def call_refused(language: Language, why: str) -> str:
    """A call that never runs; the reason is in the words of the tool."""
    return f"لم يُنفَّذ: {why}." if language is Language.ARABIC else f"Not run: {why}."


def switched_off(language: Language, argv: Sequence[str]) -> str:
    """The kill switch is on."""
    shown = f"`{command(argv)}`"
    if language is Language.ARABIC:
        return f"لم يُنفَّذ {shown}: مفتاح الإيقاف مفعّل، ولا تغيير حتى يُرفع بالأمر /killswitch off."
    return f"Not run: {shown}. The kill switch is on: nothing changes until somebody says /killswitch off."


def nobody_to_ask(language: Language, argv: Sequence[str]) -> str:
    """The rule names nobody else who can be reached."""
    shown = f"`{command(argv)}`"
    if language is Language.ARABIC:
        return (
            f"لم يُنفَّذ {shown}: لا أحد غيرك يستطيع الموافقة. "
            "ليكتب المسؤول أسماء الموافقين في spec.approval.allowed_users، وليراسلوني مرة واحدة."
        )
    return (
        f"Not run: {shown}. Nobody but you could approve it. An admin names approvers under "
        "spec.approval.allowed_users, and each of them writes to me once."
    )


def differs(language: Language, argv: Sequence[str], what: Sequence[str]) -> str:
    """What was approved is not what would run now."""
    shown, names = f"`{command(argv)}`", ", ".join(what)
    if language is Language.ARABIC:
        return f"لم يُنفَّذ {shown}: تغيّر منذ الموافقة ({names}). اطلبه من جديد."
    return f"Not run: {shown}. It is not what was approved any more ({names}). Ask for it again."
