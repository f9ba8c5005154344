"""Secrets taken out of what programs print and logs say: the values we know first, then what secrets look like."""

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote

MASK = "•••"

_SHORTEST = 6
"""Characters of a known value; a shorter one would blot out ordinary words and is no secret worth the name."""

_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
    re.DOTALL,
)
_KEY_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_LINE_END = re.compile(r"[A-Za-z0-9+/=]{16}")

# Forms that say by themselves what they are. None is anchored by \b: in /bot123456:AA…/ and in Bearer%20eyJ… there is
# no boundary before the secret.
_TOKENS = re.compile(
    r"eyJ[A-Za-z0-9_-]{8,500}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?"  # JWT
    r"|(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"  # AWS access key ids
    r"|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}"  # GitHub
    r"|gl[a-z]{2,6}-[A-Za-z0-9_-]{20,}"  # GitLab
    r"|xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}"  # Slack
    r"|(?<=hooks\.slack\.com/services/)[A-Za-z0-9/]{20,}"
    r"|sk-[A-Za-z0-9_-]{20,}"  # OpenAI, Anthropic
    r"|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}"  # Stripe
    r"|AIza[A-Za-z0-9_-]{35}"  # Google
    r"|EAA[A-Za-z0-9]{20,}"  # Meta
    r"|(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}"  # Telegram bots
)

_HEADER = re.compile(
    r"(?P<before>(?:authorization|cookie|x-api-key|x-auth-token|x-hub-signature(?:-256)?)"
    r"\\?[\"']?[ \t]{0,20}[:=][ \t]{0,20})"
    r"(?P<value>\\?\"[^\"\n]*|'[^'\n]*|(?:digest|aws4-hmac-sha256)[^\n]*|[^\"'\n]+)",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<before>bearer(?:\s|%20|\+){1,5})(?P<value>[A-Za-z0-9._~+/=-]{8,})", re.IGNORECASE)
_URL_CREDENTIALS = re.compile(r"(?<=://)[^\s/?#\"'<>]+(?=@)")

NAMED_SO = (
    r"(?:passw(?:or)?d|passphrase|passcode|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key"
    r"|encryption[_-]?key|credentials?|client[_-]?key(?:[_-]?data)?|account[_-]?key|connection[_-]?string)"
)
# kubectl describe says where a value comes from instead of the value: worth reading
_VALUE = (
    r"(?!<set to the key |<none>|<nil>|null\b|•)"
    r"(?:\\\"(?:(?!\\\")[^\n])*(?:\\\")?|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|[^\s,;&\"'()\[\]{}<>\\]+)"
)
# `DB_PASSWORD:  correct horse` of kubectl describe and YAML: the value is all the rest of the line
_LINE = re.compile(
    rf"^(?P<before>[ \t-]{{0,40}}[\w.-]{{0,60}}?{NAMED_SO}[\w.-]{{0,40}}:[ \t]+)"
    r"(?!<set to the key |[\"'])(?P<value>\S[^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_PAIR = re.compile(
    rf"(?P<before>{NAMED_SO}[\w.-]{{0,40}}\\?[\"']?\]?[ \t]{{0,20}}(?:=>|:=|[:=])[ \t]{{0,20}})(?P<value>{_VALUE})",
    re.IGNORECASE,
)
_OPTION = re.compile(
    rf"(?P<before>(?<![\w-])--?[\w-]{{0,40}}?{NAMED_SO}[\w-]{{0,40}}[ \t]+)(?!-)(?P<value>{_VALUE})",
    re.IGNORECASE,
)


class Redactor:
    """Callable on any text; the same secret always becomes the same mask, whatever it stood in."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """`secrets` are the daemon's own values; those under 6 characters are left to the patterns."""
        forms = {form for secret in secrets if len(secret) >= _SHORTEST for form in _forms(secret)}
        # The longest first, so that no secret hides behind one that it begins with
        listed = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        self._known = re.compile(listed) if listed else None

    def __call__(self, text: str) -> str:
        """The text with every secret replaced by the mask."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        if "PRIVATE KEY" in text:
            text = _without_torn_keys(_KEY_BLOCK.sub(MASK, text))
        text = _TOKENS.sub(MASK, text)
        for pattern in (_HEADER, _BEARER, _LINE, _PAIR, _OPTION):
            text = pattern.sub(_masked, text)
        return _URL_CREDENTIALS.sub(MASK, text)


def _forms(secret: str) -> tuple[str, ...]:
    """How a value looks in a text, a URL, JSON, and a Kubernetes secret."""
    return (secret, quote(secret, safe=""), json.dumps(secret)[1:-1], base64.b64encode(secret.encode()).decode())


def _masked(match: re.Match[str]) -> str:
    value = match["value"]
    opening = re.match(r"\\?[\"']?", value)
    quoted = opening.group() if opening else ""
    closing = quoted if quoted and len(value) > len(quoted) and value.endswith(quoted) else ""
    return f"{match['before']}{quoted}{MASK}{closing}"


def _without_torn_keys(text: str) -> str:
    """The last lines of a log may begin in the middle of a key, with no BEGIN before its END."""
    if _KEY_END.search(text) is None:
        return text
    lines = text.split("\n")
    kept: list[str] = []
    for line in lines:
        if _KEY_END.search(line) is None:
            kept.append(line)
            continue
        while kept and _KEY_LINE_END.fullmatch(kept[-1].rstrip()[-16:]):
            kept.pop()
        kept.append(MASK)
    return "\n".join(kept)
