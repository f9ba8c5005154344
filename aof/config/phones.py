"""Phone numbers as admins write them, and in every spelling that WhatsApp has for them."""

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"\+?[\d\s().\-/\u00a0]+")
_MEXICO_WITH_1 = re.compile(r"521(?=\d{10}$)")
_OTHER_SPELLINGS = (
    (re.compile(r"\+52(?=\d{10}$)"), "+521"),
    (re.compile(r"(\+55\d\d)9(?=[6-9]\d{7}$)"), r"\1"),
    (re.compile(r"(\+55\d\d)(?=[6-9]\d{7}$)"), r"\g<1>9"),
)
"""WhatsApp knows a number as it was registered: in Mexico often with the 1 that mobiles had until 2019, in Brazil often
without the 9 that they have been given since. Neither spelling can be anybody else's number."""


def looks_like_a_number(text: str) -> bool:
    """Whether a text holds nothing but digits and what people write between them."""
    return _NUMBER.fullmatch(text.strip()) is not None


def phone_number(text: str) -> str:
    """A phone number, written in any usual way with its country code, as E.164.

    Raises:
        ValueError: It can't be one, or has no country code.
    """
    import phonenumbers  # noqa: PLC0415 -- takes long, and many a daemon lists no number

    hint = "write it with its country code, such as +4915112345678"
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        raise ValueError(f"is no phone number; {hint}")
    digits = phonenumbers.normalize_digits_only(bare)
    if not bare.startswith("+"):
        # 00 is how most of the world dials +; a single 0 belongs to a number within one country
        digits = digits.removeprefix("00")
    digits = _MEXICO_WITH_1.sub("52", digits)
    if digits.startswith("0"):
        raise ValueError(f"has no country code; {hint}")
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        raise ValueError(f"is no phone number; {hint}") from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError(f"has too few or too many digits for its country; {hint}")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def number_or_id(text: str) -> str:
    """A phone number as E.164, and a user id as it is.

    Raises:
        ValueError: It looks like a number and is none, or holds a variable that is not set.
    """
    if "${" in text:
        raise ValueError("names a variable that is not set; export it")
    return phone_number(text) if looks_like_a_number(text) else text


def as_whatsapp_may_write(numbers: Iterable[str]) -> tuple[str, ...]:
    """Numbers in E.164 as they are, followed by their other spellings."""
    given = tuple(numbers)
    spelled = (written.sub(other, number) for number in given for written, other in _OTHER_SPELLINGS)
    return tuple(dict.fromkeys((*given, *spelled)))


def spellings(number: str) -> tuple[str, ...]:
    """All spellings of one number in E.164, whichever of them it comes in; one or two."""
    return as_whatsapp_may_write((f"+{_MEXICO_WITH_1.sub('52', number.removeprefix('+'))}",))


def how_many(numbers: Iterable[str]) -> int:
    """The count of numbers, each in whatever spellings once."""
    seen: set[str] = set()
    count = 0
    for number in numbers:
        count += number not in seen
        seen.update(as_whatsapp_may_write((number,)))
    return count
