"""A secret in a configuration shows up nowhere: not in an error, a warning, a repr or a dump."""

import traceback

import pytest
from pydantic import BaseModel, SecretStr, field_validator, model_validator

from aof.config.model import StrictModel
from aof.domain.errors import ConfigError

PLANTED = "pl4nted5ecret"
KEYS = ("access_token", "verify_token", "app_secret")
FORMS = (
    "{key}: {planted}",
    "{key}: '{planted}'",
    "{key}: |\n        {planted}\n",
    "{key}: ${{{planted}}}",
    "{key}: ${{{planted}",
    "{key}: ${planted}",
    "{key}: *{planted}",
    "{key}: &{planted}",
    "{key}: !{planted} x",
    "{key}: !!{planted} x",
    "{key}: !{planted}!x y",
    "{key}: @{planted}",
    "{key}: '{planted}",
    '{key}: "\\q{planted}"',
    "{key}: {planted}: x",
    "{key}: [{planted}]",
    "{key}: [{planted}, {planted}2, {planted}3]",
    "{key}: {{{planted}: x}}",
    "{key}: {{a: {planted}}}",
    "{key}: {{{planted}}}",
    "{key}:{planted}",
    "{key} {planted}",
    "{key}_env: {planted}",
    "{key}_env: ${planted}",
    "{key}_env: ${{{planted}}}",
    "{key}_env: [{planted}, {planted}2]",
    "{key}_env: {{{planted}: x}}",
    "{key}_env: HOLDS_IT",
    "{key}: ${{HOLDS_IT}}",
    "{key}: ${{NOWHERE:-{planted}}}",
    "{key}x: {planted}",
    "{key}_environment: {planted}",
)


class Talkative(StrictModel):
    """A platform whose rules repeat what they refuse."""

    phone_number_id: str
    access_token: SecretStr
    verify_token: SecretStr
    app_secret: SecretStr
    allowed_numbers: tuple[str, ...]
    strict: bool = False

    @field_validator("access_token", "verify_token", "app_secret")
    @classmethod
    def _repeats(cls, secret: SecretStr) -> SecretStr:
        if PLANTED in secret.get_secret_value():
            raise ValueError(f"{secret.get_secret_value()!r} is refused; do not write {secret.get_secret_value()}")
        return secret

    @model_validator(mode="after")
    def _agrees(self) -> "Talkative":
        if self.access_token == self.app_secret:
            raise ValueError(f"{self.access_token.get_secret_value()} is given twice")
        return self


def _outcome(loads, text: str, models: dict[str, type[BaseModel]] | None) -> str:
    try:
        loaded = loads(text, {"HOLDS_IT": PLANTED}, models)
    except ConfigError as refused:
        return "".join(traceback.format_exception(refused)) + repr(refused)
    config = loaded.config
    return f"{loaded!r} {loaded.warnings} {config!s} {config.model_dump()} {config.model_dump_json()}"


@pytest.mark.parametrize("talkative", [False, True])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("flaw", ["", "  server: {port: x}\n"])
def test_a_secret_never_shows_up_in_whatever_form_it_was_planted(loads, base, key, form, talkative, flaw):
    lines = base.splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.strip().startswith(key))
    lines[at] = f"      {form.format(key=key, planted=PLANTED)}\n"
    outcome = _outcome(loads, "".join(lines) + flaw, {"whatsapp": Talkative} if talkative else None)
    assert PLANTED not in outcome
    assert flaw == "" or "daemon.yaml" in outcome


def test_a_secret_that_a_model_repeats_is_starred_in_the_sentence(loads, base):
    with pytest.raises(ConfigError) as refused:
        loads(base.replace("EAAG-a-token", PLANTED), {}, {"whatsapp": Talkative})
    assert str(refused.value) == (
        "daemon.yaml:7: spec.platforms.whatsapp.access_token: '***' is refused. Do not write ***."
    )


def test_the_address_of_a_store_may_hold_a_password_and_is_not_repeated(problems, base):
    assert PLANTED not in problems(f"{base}  store: {{url: 'postgres://me:{PLANTED}@db/aof'}}\n")[0]


@pytest.mark.parametrize(
    ("line", "written", "key"),
    [
        (7, "access_token: EAAG-a-token", "access_token"),
        (7, "access_token: ${NOWHERE:-EAAG-a-token}", "access_token"),  # the file alone gives it away
        (9, "app_secret: [one-secret, '${TWO}']", "app_secret"),
    ],
)
def test_a_credential_that_stands_in_the_file_is_a_warning(loads, base, line, written, key):
    text = base.replace("EAAG-a-token", "${ONE}").replace("a-verify-word", "${TWO}")
    lines = text.replace("0123456789abcdef", "${ONE}").splitlines()
    lines[line - 1] = f"      {written}"
    loaded = loads("\n".join(lines), {"ONE": "o-n-e", "TWO": "t-w-o"})
    assert [str(warning) for warning in loaded.warnings] == [
        (
            f"daemon.yaml:{line}: spec.platforms.whatsapp.{key}: is written in this file. "
            f"Move it to the environment with {key}_env."
        )
    ]


@pytest.mark.parametrize(
    "spec",
    [
        "{model: x, provider: '${OPENAI_API_KEY}'}",
        "{model: '${OPENAI_API_KEY}:x'}",
        "{model: 'openai:x', fallback_models: ['${OPENAI_API_KEY}:x']}",
        "{model: 'opnai:x', tools: ['${OPENAI_API_KEY}']}",
    ],
)
def test_a_key_in_a_place_that_wants_none_is_not_repeated(reads, spec):
    agent = f"kind: Agent\nmetadata: {{name: a}}\nspec: {spec}\n"
    files = reads(agent, environ={"OPENAI_API_KEY": PLANTED})
    with pytest.raises(ConfigError) as refused:
        files.raise_errors()
    assert PLANTED not in f"{refused.value} {files.warnings}"
