"""What our own HTML says without its marks."""

import re

_TAG = re.compile(
    r"</?(?:b|strong|i|em|u|ins|s|strike|del|span|tg-spoiler|code|pre|blockquote|tg-emoji|tg-time)(?:\s[^<>]*)?>"
)
_LINK = re.compile(r'<a\s+href="([^"<>]*)"\s*>(.*?)</a>', re.DOTALL)
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot)|#([0-9]{1,7})|#x([0-9a-fA-F]{1,6}));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


def plain_of(html: str, *, with_addresses: bool = True) -> str:
    """The text without Telegram's tags; the address of a link stands behind its words where it differs from them."""

    def address_behind(link: re.Match[str]) -> str:
        address, words = link.groups()
        return words if not with_addresses or address == _TAG.sub("", words) else f"{words} ({address})"

    return _ENTITY.sub(_sign, _TAG.sub("", _LINK.sub(address_behind, html)))


def _sign(entity: re.Match[str]) -> str:
    name, decimal, hexadecimal = entity.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    # no character has such a number
    is_none = number == 0 or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF
    return entity.group() if is_none else chr(number)
