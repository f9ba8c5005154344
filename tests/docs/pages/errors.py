"""`docs/reference/errors.md`: what can go wrong, and what the daemon does about it, by the code itself."""

import inspect
import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from aof.daemon import read
from aof.domain import errors as domain
from aof.domain.errors import AofError, Backoff, ConfigError, PlatformError
from aof.platforms.telegram import errors as telegram
from aof.platforms.whatsapp import errors as whatsapp
from aof.platforms.whatsapp.errors import CODES, Outcome, Verdict
from aof.web import answers
from tests.docs.pages.markdown import GENERATED, code, joined, table
from tests.docs.pages.source import calls, constant, documented

HEAD = """\
# Errors

What can go wrong, how it shows, and what the daemon does about it. [Troubleshooting](../troubleshooting.md) goes by
symptom.
"""

CLASSES = """\
## Classes

The daemon decides by the class of an error, never by a platform's number. `retry` says whether a part may be sent
again: *later* it was surely not carried out, *unsafe* it may have been, *never* it would be refused again.
"""

PLATFORM = """\
## Meta's codes

Meta refuses a message at once (HTTP 4xx or 5xx) or later, in a receipt of state `failed`. `aof outbox list` shows the
code and Meta's own words. A code in a receipt moves nothing but its own row, which is then *failed*; the tables say
what is done where the request itself is refused. Source of the codes:
<https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes>.
"""

NUMBERLESS = """\
### Answers that no code explains

Meta's side may answer with HTML, with nothing, or with a code that is not in the list.
"""

TELEGRAM = """\
## Telegram's codes

Telegram says at once whether it takes a message, with `error_code`, a description that it calls subject to change, and
sometimes a number that counts. `retry_after` is obeyed to the second; `migrate_to_chat_id` sends the part to where the
group has gone. The first row that fits counts, so the words of a description come before the code alone. Source:
<https://core.telegram.org/bots/api#making-requests>.
"""

CONFIGURATION = """\
## Problems of a configuration

One line each, all of them at once, in the order of their lines:

```text
file:line: key: problem. What to write.
```

The line is left out where the file as a whole is meant, the key where none is. Secrets are replaced by `***`. This is
what a file hears in which a port is too large, a key is misspelt and a variable is not set:
"""

BROKEN = """\
apiVersion: aof.dev/v1
kind: DaemonConfig
spec:
  server:
    port: 80800
  platforms:
    whatsapp:
      phone_number_id: "106540352242922"
      acces_token_env: WHATSAPP_ACCESS_TOKEN
      verify_token_env: WHATSAPP_VERIFY_TOKEN
      app_secret_env: WHATSAPP_APP_SECRET
"""

PORTS = """\
## What our ports answer

An error is `{"error": "…"}` with a status, and nothing else; the cause is in the [log](log-events.md).
"""

TAKEN = """\
A webhook that is taken is answered with 200 and `{"status": "accepted"}`. So is one that can't be read, which goes into
quarantine. `/ready` is answered with 503 while something keeps messages from being kept or sent.
"""

ANSWERS: Mapping[tuple[int, str], str] = {
    (400, "the body ended early, or its chunks are broken"): "A connection broke, or a proxy cut the body.",
    (
        400,
        "Idempotency-Key wants 1 to 200 visible characters of ASCII",
    ): "The API of programs: send another key, or none.",
    (400, "this is no request in HTTP"): "Somebody else's program, or TLS spoken to a port without it. Any 4xx is "
    "possible here; the connection is closed.",
    (400, "after is no place; take it from the address that came last"): "The HTTP platform: ask at the `next` of the "
    "answer before.",
    (400, "wait takes whole seconds, at most 60"): "The HTTP platform: write `?wait=60`, or less.",
    (401, "the question is not signed, or its signature does not fit"): "The HTTP platform: sign the path and query as "
    "they stand in the request, with a time that is near; [how](../guides/http-platform.md#what-you-get).",
    (401, "the signature does not fit the body"): "`app_secret` (WhatsApp), `webhook_secret` (Telegram) or `secret` "
    "(HTTP) is wrong, something on the way changed the body, the clocks differ, or somebody else calls.",
    (401, "the webhook is not signed"): "It does not come from the platform.",
    (401, "this address needs the token of programs"): "The API of programs: send `Authorization: Bearer …` with "
    "`spec.operator.api_token`; the admin's token does not open it.",
    (401, "this port needs a token"): "The operators' port: send `Authorization: Bearer …` with "
    "`spec.server.admin.token`.",
    (403, "the verify token is not the one of this platform's configuration"): "Enter the same `verify_token` at Meta.",
    (404, "there is no notification of this id"): "It never came, or is older than `spec.store.keep_ids_days`.",
    (404, "there is no opportunity of this id"): "It never came, or was decided longer ago than "
    "`spec.store.keep_ids_days`.",
    (404, "there is nothing here"): "The path is wrong, or the platform is not configured or not enabled.",
    (404, "there is no such event of this sender"): "The HTTP platform: it never came, or the address names another "
    "sender.",
    (405, "this address does not take that method"): "`Allow` names those that it takes.",
    (408, "the body took too long"): "The sender is slow. Meta repeats the webhook.",
    (409, "another notification came under this idempotency_key; nothing was kept"): "The key was used for something "
    "else; send another one.",
    (409, "this id belongs to another event; give each event an id of its own"): "The HTTP platform: nothing was kept.",
    (
        409,
        "another opportunity came under this id or this Idempotency-Key; nothing was kept",
    ): "The id or the key was used for something else; send another one.",
    (413, "the body is larger than 4 MiB"): "Meta sends at most 3 MB.",
    (500, "something is wrong here; it is in the log"): "A fault of the daemon, with its traceback in the log. Meta "
    "repeats the webhook.",
    (
        503,
        "this platform is not connected yet; send it again",
    ): "Telegram has not answered yet which bot this is, or does "
    "not take the token; `/ready` says why. Telegram repeats the webhook.",
    (503, "the store can't keep this now; send it again"): "The disk is full, locked or too slow. Meta repeats the "
    "webhook.",
}
"""What stands behind each answer, and what to do."""

TITLES = {
    Outcome.STOPPED: "The account stops",
    Outcome.DEFERRED: "It is sent again later",
    Outcome.UNCERTAIN: "It may have been sent",
    Outcome.WINDOW: "The window is closed",
    Outcome.OPTED_OUT: "They have opted out",
    Outcome.REFUSED: "The part is buried",
}


def page() -> str:
    return joined(
        GENERATED,
        HEAD,
        CLASSES,
        table(("Class", "`retry`", "What it means, and what is done"), list(_classes())),
        PLATFORM,
        *(block for outcome in TITLES for block in _coded(outcome)),
        NUMBERLESS,
        table(("Answer", "What it means", "What is done"), list(_codeless())),
        TELEGRAM,
        table(("Code", "Words in the description", "What it means, and what to do", "Class"), list(_of_telegram())),
        table(("Answer", "What it means", "Class"), list(_of_telegram_without_a_code())),
        CONFIGURATION,
        f"```text\n{problems()}\n```",
        "`aof check` ends with 1 then, every other command with 2 ([exit codes](cli.md#exit-codes)).",
        PORTS,
        table(
            ("Status", "`error`", "What it means"),
            [(str(status), sentence, ANSWERS.get((status, sentence), "")) for status, sentence in sorted(said())],
        ),
        TAKEN,
    )


def classes() -> list[type[AofError]]:
    """Every class of the table, each below its parent."""
    return [
        kind
        for _, kind in inspect.getmembers(domain, inspect.isclass)
        if issubclass(kind, AofError) and kind is not AofError
    ]


def problems() -> str:
    """What a broken file is told, by the real reader."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "daemon.yaml"
        file.write_text(BROKEN, encoding="utf-8")
        environ = {"WHATSAPP_VERIFY_TOKEN": "a verify token", "WHATSAPP_ACCESS_TOKEN": "an access token"}
        try:
            read(file, environ)
        except ConfigError as error:
            return str(error).replace(f"{folder}/", "")
    raise AssertionError("the example of a broken file is not broken")


def said() -> set[tuple[int, str]]:
    """Every status and sentence that the ports can answer with."""
    found = set(answers._SENTENCES.items())
    for name, call in calls("aof.web"):
        if name == "error" and (sentence := constant(call.args[1])):
            status = getattr(call.args[0], "value", None)
            found.add((status if isinstance(status, int) else 400, sentence))
    return found


def codeless() -> dict[str, tuple[Verdict, str]]:
    """The verdicts that stand for answers without a known code, and when each is given."""
    words = documented("aof.platforms.whatsapp.errors")
    named = {name: value for name, value in vars(whatsapp).items() if isinstance(value, Verdict) and name[0] != "_"}
    return {name: (verdict, words[name]) for name, verdict in named.items()}


def lasting(length: timedelta) -> str:
    """A length of time in its largest whole unit up to hours."""
    seconds = length.total_seconds()
    for size, unit in ((3_600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"


def _classes() -> Iterator[tuple[str, str, str]]:
    ordered = sorted(classes(), key=lambda kind: [parent.__name__ for parent in reversed(kind.__mro__)])
    for kind in ordered:
        retry = kind.retry if issubclass(kind, PlatformError) and kind is not PlatformError else ""
        depth = len(kind.__mro__) - len(AofError.__mro__) - 1
        text = (inspect.getdoc(kind) or "").partition("\n\n")[0]
        yield f"{'↳ ' * depth}{code(kind.__name__)}", retry, text


def _coded(outcome: Outcome) -> Iterator[str]:
    yield f"### {TITLES[outcome]}"
    yield documented("aof.platforms.whatsapp.errors")[f"Outcome.{outcome.name}"]
    headers = ["Code", "What it means, and what to do"]
    rows = []
    for verdict, numbers in _together(outcome):
        more = [_waits(verdict)] if outcome is Outcome.DEFERRED else []
        rows.append([_ranges(numbers), verdict.meaning, *more])
    yield table([*headers, *(["Waits"] if outcome is Outcome.DEFERRED else [])], rows)


def _together(outcome: Outcome) -> Iterator[tuple[Verdict, list[int]]]:
    """Codes with one verdict in one row, where the first of them would stand."""
    rows: dict[Verdict, list[int]] = {}
    for number in sorted(CODES):
        if CODES[number].outcome is outcome:
            rows.setdefault(CODES[number], []).append(number)
    yield from rows.items()


def _ranges(numbers: list[int]) -> str:
    """`1`, `2`–`4`: runs of three and more by their ends."""
    said = []
    for _, run in groupby(enumerate(numbers), lambda placed: placed[1] - placed[0]):
        members = [number for _, number in run]
        if len(members) > 2:
            said.append(f"{code(str(members[0]))}–{code(str(members[-1]))}")
        else:
            said += [code(str(number)) for number in members]
    return ", ".join(said)


def _of_telegram() -> Iterator[tuple[str, str, str, str]]:
    for number in sorted({*telegram.CODES, *telegram.WORDS}):
        together: dict[telegram.Verdict, list[str]] = {}
        for piece, verdict in telegram.WORDS.get(number, ()):
            together.setdefault(verdict, []).append(f"*{piece}*")
        for verdict, pieces in together.items():
            yield code(str(number)), ", ".join(pieces), verdict.meaning, _class_of(verdict)
        if verdict_alone := telegram.CODES.get(number):
            yield code(str(number)), "", verdict_alone.meaning, _class_of(verdict_alone)


def _of_telegram_without_a_code() -> Iterator[tuple[str, str, str]]:
    words = documented("aof.platforms.telegram.errors")
    for name, value in vars(telegram).items():
        if isinstance(value, telegram.Verdict) and name[0] != "_":
            yield words.get(name, "").rstrip(".") or "Anything else", value.meaning, _class_of(value)


def _class_of(verdict: telegram.Verdict) -> str:
    # the adapter's own classes are told by what the daemon makes of them
    ours = next(kind for kind in verdict.error.__mro__ if kind.__module__ == domain.__name__)
    waits = f", {_growth(verdict.backoff)}" if verdict.backoff else ""
    return f"{code(ours.__name__)}{waits}"


def _codeless() -> Iterator[tuple[str, str, str]]:
    for verdict, when in codeless().values():
        waits = f" Waits: {_waits(verdict)}." if verdict.backoff else ""
        yield when.rstrip("."), verdict.meaning, f"{TITLES[verdict.outcome]}.{waits}"


def _waits(verdict: Verdict) -> str:
    who = "the whole number" if verdict.scope == "number" else "this recipient"
    return f"{who}, {_growth(verdict.backoff)}" if verdict.backoff else who


def _growth(backoff: Backoff) -> str:
    first, longest = lasting(backoff.first), lasting(backoff.longest)
    return first if backoff.factor == 1 else f"{first}, then × {backoff.factor:g} up to {longest}"
