"""What people read about commands: as they run, refused, run, or not."""

import re
import unicodedata
from collections.abc import Sequence

from aof.domain.risk import Risk
from aof.texts.language import Language, isolated, said
from aof.texts.machine_words import named


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


_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks by their category that phones show as nothing."""
_SELECTORS = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""They choose how the sign before them looks: harmless in a name, a hidden difference in a command."""
_TICK = "\u02cb"
"""In place of a backtick, which would end the letters of one width."""
_TYPED_ESCAPE = re.compile(r"\\(?=[uU])")

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


def quoted(language: Language, argv: Sequence[str]) -> str:
    """A command within a sentence."""
    shown = f"`{exactly(argv).replace(_TICK, _escape(_TICK)).replace('`', _TICK)}`"
    return said(language, en=shown, ar=isolated(shown))


def risk(language: Language, of: Risk) -> str:
    """A class in a few words."""
    return _RISKS[language][of]


def blocked(language: Language, argv: Sequence[str], of: Risk, message: str, *, platform: str, only_looks: bool) -> str:
    """A call that the policy refuses here."""
    shown = quoted(language, argv)
    if platform == "console" and only_looks and not message:
        message = _at_this_terminal(language)
    if language is Language.ARABIC:
        works = isolated("get, list, describe, logs")
        own = message or (
            f"من هذه المحادثة أقرأ فقط: {works} تعمل، والتغيير من الطرفية."
            if only_looks
            else f"هذا لا يُنفَّذ من هذه المحادثة، ولا بموافقة؛ مكانه الطرفية. {works} تعمل."
        )
        return f"لم يُنفَّذ {shown} ({risk(language, of)}). {own}"
    own = message or (
        f"From {_called(platform)} I only look: get, list, describe and logs work, changes are made at a terminal."
        if only_looks
        else f"That is not run from {_called(platform)}, approved or not; it is done at a terminal. "
        "Get, list, describe and logs work."
    )
    return f"Not run: {shown} ({risk(language, of)}). {own}"


def _at_this_terminal(language: Language) -> str:
    if language is Language.ARABIC:
        return f"من هذه الطرفية أقرأ فقط، ومع {isolated('aof chat --allow-changes')} أطلب الموافقة على التغيير."
    return "From this terminal I only look; with aof chat --allow-changes I ask for approval of a change."


def _called(platform: str) -> str:
    names = {"whatsapp": "WhatsApp", "telegram": "Telegram", "http": "HTTP"}
    return names.get(platform, platform or "here")


def another_waits(language: Language, argv: Sequence[str]) -> str:
    """A change that is wanted while another one waits for people in the same chat."""
    shown = quoted(language, argv)
    return said(
        language,
        en=f"Not run: {shown}. Another command of this chat waits for an approval; until then I only look.",
        ar=f"لم يُنفَّذ {shown}: أمر آخر من هذه المحادثة بانتظار الموافقة، وحتى ذلك أقرأ فقط.",
    )


def without(language: Language, away: Sequence[str]) -> str:
    """Under an answer for which something could not be asked; each with its reason."""
    listed = "; ".join(named(language, one) for one in dict.fromkeys(away))
    return said(language, en=f"Answered without {listed}.", ar=f"أُجيب دون {listed}.")


def call_refused(language: Language, why: str) -> str:
    """A call that never runs; the reason is in the words of the tool."""
    return f"لم يُنفَّذ: {why}." if language is Language.ARABIC else f"Not run: {why}."


def switched_off(language: Language, argv: Sequence[str]) -> str:
    """The kill switch is on."""
    shown = quoted(language, argv)
    if language is Language.ARABIC:
        return f"لم يُنفَّذ {shown}: مفتاح الإيقاف مفعّل، ولا تغيير حتى يُرفع بالأمر {isolated('/killswitch off')}."
    return f"Not run: {shown}. The kill switch is on: nothing changes until somebody says /killswitch off."


def too_few_to_ask(language: Language, argv: Sequence[str], needed: int, who: Sequence[str]) -> str:
    """Of those whom the rule names too few, `who`, can be reached; whoever asked does not count."""
    shown, listed = quoted(language, argv), ", ".join(named(language, one) for one in who)
    key, count = isolated("spec.approval.allowed_users"), isolated("min_approvers")
    if language is Language.ARABIC:
        found = f"لا يمكن سؤال غير {listed}" if who else "لا يمكن سؤال أحد"
        why = "لا أحد غيرك يستطيع الموافقة" if needed == 1 else f"يلزم {needed} أشخاص، و{found}"
        less = f"، أو ليُنقص {count}" if needed > 1 else ""
        return (
            f"لم يُنفَّذ {shown}: {why}. ليكتب المسؤول أسماء الموافقين في {key}، وليراسلوني مرة واحدة{less}. "
            "ومن أرسل «إيقاف» فليرسل «اشتراك»."
        )
    found = f"only {listed} can be asked" if who else "nobody can be asked"
    why = "Nobody but you could approve it." if needed == 1 else f"It needs {needed} people, and {found}."
    less = ", or lowers min_approvers" if needed > 1 else ""
    return (
        f"Not run: {shown}. {why} An admin names {'more ' if who else ''}approvers under "
        f"spec.approval.allowed_users, and each of them writes to me once{less}. Whoever sent STOP sends START."
    )


def differs(language: Language, argv: Sequence[str], what: Sequence[str]) -> str:
    """What was approved is not what would run now."""
    shown, names = quoted(language, argv), ", ".join(what)
    if language is Language.ARABIC:
        return f"لم يُنفَّذ {shown}: تغيّر منذ الموافقة ({names}). اطلبه من جديد."
    return f"Not run: {shown}. It is not what was approved any more ({names}). Ask for it again."


def inert(text: str) -> str:
    """Text from outside as nothing but text: what can't be seen, or turns the reading direction, is written out."""
    return "".join(one if _is_plain(one) else _escape(one) for one in text)


def _is_plain(one: str) -> bool:
    if one in _BLANKS:
        return False
    return one == " " or unicodedata.category(one) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}


def _escape(one: str) -> str:
    return f"\\u{ord(one):04x}" if ord(one) <= 0xFFFF else f"\\U{ord(one):08x}"


def exactly(argv: Sequence[str]) -> str:
    """A command with nothing in it that can't be seen; what it shows is one command alone.

    A backslash that was typed before a u is written out too, so that `\\u202e` always stands for the character.
    """
    shown = inert(_TYPED_ESCAPE.sub(lambda _: _escape("\\"), command(argv)))
    return _SELECTORS.sub(lambda match: _escape(match.group()), shown)


def block(argv: Sequence[str]) -> str:
    """A command on lines of its own, in letters of one width, exactly as it runs."""
    shown = exactly(argv)
    fence = "```"
    while fence in shown:
        fence += "`"
    return f"{fence}\n{shown}\n{fence}"


def ran(language: Language, argv: Sequence[str], state: str, approved_by: str, check: Sequence[str]) -> str:
    """What the executor says of one command: the only line that tells of a result."""
    shown, by = quoted(language, argv), named(language, approved_by)
    approved = said(language, en=f", approved by {by}", ar=f"، بموافقة {by}") if by else ""
    match state:
        case "done":
            return said(language, en=f"✅ Ran {shown}{approved}", ar=f"✅ نُفِّذ {shown}{approved}")
        case "failed":
            return said(language, en=f"❌ Failed: {shown}{approved}", ar=f"❌ فشل {shown}{approved}")
        case _:
            look = f": {quoted(language, check)}" if check else ""
            return said(
                language,
                en=f"⚠️ I can't tell whether {shown} took effect{approved}. Check before repeating it{look}",
                ar=f"⚠️ لا أعرف هل نُفِّذ {shown}{approved}. تحقق قبل تكراره{look}",
            )


def approved_by(language: Language, names: Sequence[str]) -> str:
    """Above the report of an agent that tells of each of its steps itself."""
    listed = ", ".join(named(language, name) for name in dict.fromkeys(names))
    return said(language, en=f"Approved by {listed}.", ar=f"بموافقة {listed}.")


def not_done(language: Language, argv: Sequence[str], state: str, who: str) -> str:
    """To whoever asked: their command does not run."""
    shown, by = quoted(language, argv), named(language, who)
    match state:
        case "denied":
            return said(language, en=f"⛔ Denied by {by}: {shown}", ar=f"⛔ رفض {by}: {shown}")
        case "lapsed":
            return said(
                language,
                en=f"⌛ Nobody decided in time, so it was not run: {shown}",
                ar=f"⌛ لم يقرر أحد في الوقت فلم يُنفَّذ: {shown}",
            )
        case _:
            return said(language, en=f"🚫 Withdrawn: {shown}", ar=f"🚫 سُحب: {shown}")


def repeated_after_crash(language: Language) -> str:
    """A run that had changed something died before it could say so."""
    return said(
        language,
        en="I was restarted while doing this. This is what ran; I did not begin anew:",
        ar="أُعيد تشغيلي أثناء هذا. هذا ما نُفِّذ، ولم أبدأ من جديد:",
    )
