"""`${VAR}`, `${VAR:-default}` and `<key>_env`: where they work, and what an unset variable does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aof.config.expand import expand
from tests.unit.config.conftest import told_of

TOKEN = "access_token: EAAG-a-token"
NUMBERS = 'allowed_numbers: ["+49 30 901820"]'


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("${A}", "one"),
        ("x${A}y${A}", "xoneyone"),
        ("${A:-other}", "one"),
        ("${NONE:-other}", "other"),
        ("${EMPTY:-other}", "other"),
        ("${EMPTY}", ""),
        ("${NONE:-}", ""),
        ("${NONE:-a b:c-d}", "a b:c-d"),
        ("${NESTED}", "${A}"),  # what a variable holds is not looked at again
        ("$A", "$A"),
        ("$", "$"),
        ("costs 5$", "costs 5$"),
    ],
)
def test_a_reference_becomes_what_its_variable_holds(text, expanded):
    outcome = expand(text, {"A": "one", "EMPTY": "", "NESTED": "${A}"})
    assert (outcome.text, outcome.unset, outcome.broken) == (expanded, (), False)


@pytest.mark.parametrize("text", ["${A", "${}", "${1A}", "${A-x}", "${A:-${B}}", "${a b}", "x${"])
def test_what_only_looks_like_a_reference_is_noticed(text):
    assert expand(text, {"B": "b"}).broken


@given(st.text(), st.text())
def test_nothing_is_expanded_twice(before, held):
    if "$" not in before:
        assert expand(f"{before}${{A}}", {"A": held, "B": "wrong"}).text == before + held


def test_a_reference_works_in_every_text(loads, base):
    config = loads(
        base.replace("EAAG-a-token", "${TOKEN}").replace("+49 30 901820", "${PHONE}")
        + """\
  server: {host: "${HOST}", port: "${PORT}", admin: {port: "${UNSET:-9001}"}}
  delivery: {uncertain: "${WORD}"}
metadata: {labels: {a: "${HOST}"}, description: "on ${HOST:-nowhere}"}
""",
        {"TOKEN": "secret-token", "PHONE": "+4915100", "HOST": "web-1", "PORT": "9000", "WORD": "ask_operator"},
    ).config
    whatsapp = config.spec.platforms["whatsapp"]
    assert (whatsapp.access_token.get_secret_value(), whatsapp.allowed_numbers) == ("secret-token", ("+4915100",))
    server = config.spec.server
    assert (server.host, server.port, server.admin.port) == ("web-1", 9000, 9001)
    assert config.spec.delivery.uncertain == "ask_operator"
    assert (config.metadata.labels, config.metadata.description) == ({"a": "web-1"}, "on web-1")


@pytest.mark.parametrize(
    ("key", "line"),
    [("phone_number_id", 6), ("access_token", 7), ("verify_token", 8), ("app_secret", 9), ("business_account_id", 11)],
)
@pytest.mark.parametrize("form", ["{key}: ${{NOWHERE}}", "{key}_env: NOWHERE"])
def test_an_unset_variable_of_a_credential_keeps_the_daemon_from_starting(problems, base, key, line, form):
    lines = (base + "      business_account_id: 1234\n").splitlines()
    lines[line - 1] = "      " + form.format(key=key)
    assert problems("\n".join(lines)) == [
        f"daemon.yaml:{line}: spec.platforms.whatsapp.{key}: NOWHERE is not set. Export it, or name another variable."
    ]


@pytest.mark.parametrize("form", ["access_token: ${EMPTY}", "access_token_env: EMPTY"])
def test_a_variable_that_holds_nothing_is_no_credential(problems, base, form):
    assert problems(base.replace(TOKEN, form), {"EMPTY": ""}) == [
        (
            "daemon.yaml:7: spec.platforms.whatsapp.access_token: EMPTY is empty. Give it a value, "
            "or name another variable."
        )
    ]


@pytest.mark.parametrize("form", ["access_token:", "access_token: ''", "access_token: ${NONE:-}"])
def test_an_empty_credential_is_none(problems, base, form):
    (line,) = problems(base.replace(TOKEN, form))
    assert line.startswith("daemon.yaml:7: spec.platforms.whatsapp.access_token: ")
    assert line.endswith("is empty. Give it a value, or name another variable.")


def test_a_broken_reference_is_never_taken_for_a_credential(problems, base):
    assert problems(base.replace(TOKEN, "access_token: ${A:-${B}}")) == [
        "daemon.yaml:7: spec.platforms.whatsapp.access_token: a ${ begins no variable. Write ${NAME_OF_A_VARIABLE}."
    ]


def test_an_unset_entry_of_an_allow_list_is_dropped_and_the_list_stays(loads, base):
    loaded = loads(
        base.replace(NUMBERS, 'allowed_numbers: ["${NOBODY}", "${ME}", "+${PART}", "${E}"]'), {"ME": "+49", "E": ""}
    )
    assert loaded.config.spec.platforms["whatsapp"].allowed_numbers == ("+49",)
    key = "daemon.yaml:10: spec.platforms.whatsapp.allowed_numbers"
    told = "is not set or empty, this entry lets nobody in. Export it, or remove the entry."
    assert told_of(loaded) == [f"{key}: {name} {told}" for name in ("NOBODY", "PART", "E")]


def test_an_allow_list_that_lost_all_its_entries_allows_nobody(whatsapp, base):
    assert whatsapp(base.replace(NUMBERS, "allowed_numbers:\n      - ${NOBODY}")).allowed_numbers == ()


def test_a_dropped_entry_is_told_on_its_own_line(warnings, base):
    (told,) = warnings(base.replace(NUMBERS, "allowed_numbers:\n      - '+49'\n      - ${NOBODY}"))
    assert told.startswith("daemon.yaml:12: spec.platforms.whatsapp.allowed_numbers: NOBODY is not set")


def test_a_dropped_entry_that_an_alias_brings_is_told_on_the_line_of_the_alias(warnings, base):
    text = f"metadata: {{description: &who '${{NOBODY}}'}}\n{base}".replace('["+49 30 901820"]', "[*who]")
    assert [told.partition(":")[2].split(": ")[0] for told in warnings(text)] == ["1", "11"]


def test_elsewhere_an_unset_variable_is_a_warning_and_the_text_stays(loads, base):
    loaded = loads(f"{base}metadata:\n  description: about ${{NOWHERE}}\n")
    assert loaded.config.metadata.description == "about ${NOWHERE}"
    assert told_of(loaded) == [
        "daemon.yaml:12: metadata.description: NOWHERE is not set, the text is left as it is. Export it."
    ]


@pytest.mark.parametrize(
    ("added", "key"),
    [
        ("  server:\n    port: ${NOWHERE}\n", "spec.server.port"),
        ("  server:\n    host: ${NOWHERE}\n", "spec.server.host"),  # a text, but never a host name
        ("  delivery:\n    uncertain: ${NOWHERE}\n", "spec.delivery.uncertain"),
        ("  runtime:\n    language: ${NOWHERE}\n", "spec.runtime.language"),
    ],
)
def test_where_the_text_can_not_stay_an_unset_variable_is_an_error(problems, base, added, key):
    assert problems(base + added) == [
        f"daemon.yaml:12: {key}: NOWHERE is not set. Export it, or write ${{NOWHERE:-a default}}."
    ]


def test_a_credential_is_read_from_the_variable_that_is_named(whatsapp, base):
    platform = whatsapp(base.replace(TOKEN, "access_token_env: MINE"), {"MINE": "held ${NOT_EXPANDED}"})
    assert platform.access_token.get_secret_value() == "held ${NOT_EXPANDED}"


def test_two_secrets_are_read_from_two_variables(whatsapp, base):
    text = base.replace("app_secret: 0123456789abcdef", "app_secret_env: [NEW, OLD]")
    secrets = whatsapp(text, {"NEW": "new-one", "OLD": "old-one"}).app_secret
    assert [secret.get_secret_value() for secret in secrets] == ["new-one", "old-one"]


def test_a_literal_wins_over_a_variable_with_a_warning(loads, base):
    loaded = loads(f"{base}      access_token_env: NOWHERE\n")
    assert loaded.config.spec.platforms["whatsapp"].access_token.get_secret_value() == "EAAG-a-token"
    assert told_of(loaded) == [
        (
            "daemon.yaml:11: spec.platforms.whatsapp.access_token_env: access_token is given too, on line 7, and is "
            "the one that counts. Keep one of them."
        )
    ]


def test_a_literal_left_empty_does_not_win(whatsapp, base):
    text = base.replace(TOKEN, "access_token:") + "      access_token_env: MINE\n"
    assert whatsapp(text, {"MINE": "held"}).access_token.get_secret_value() == "held"


@pytest.mark.parametrize("written", ["${MINE}", "$MINE", "my token", "a-b", "1A", "''", "", "[MINE]", "{a: b}"])
def test_a_key_that_names_a_variable_takes_nothing_else(problems, base, written):
    assert problems(base.replace(TOKEN, f"access_token_env: {written}"), {"MINE": "x"}) == [
        (
            "daemon.yaml:7: spec.platforms.whatsapp.access_token_env: wants a variable name. Write for example "
            "WHATSAPP_TOKEN, without $ and braces; the value itself belongs to the variable."
        )
    ]


def test_only_credentials_and_ids_can_be_named_by_a_variable(problems, base):
    assert problems(f"{base}      allow_live_send_env: X\n") == [
        (
            "daemon.yaml:11: spec.platforms.whatsapp.allow_live_send_env: there is no such key. "
            'Did you mean "allow_live_send"?'
        )
    ]


def test_a_platform_names_its_own_credentials(loads, base, whatsapp):
    from typing import ClassVar

    class Linked(type(whatsapp(base))):
        env_keys: ClassVar[frozenset[str]] = frozenset({"api_url"})

    loaded = loads(f"{base}      api_url_env: HERE\n", {"HERE": "http://localhost"}, {"whatsapp": Linked})
    assert loaded.config.spec.platforms["whatsapp"].api_url == "http://localhost"


def test_a_missing_credential_says_which_key_to_write(problems, base):
    assert problems(base.replace(f"      {TOKEN}\n", "")) == [
        "daemon.yaml:5: spec.platforms.whatsapp.access_token: is missing. Write access_token_env: NAME_OF_A_VARIABLE."
    ]


def test_the_rules_of_a_platform_are_told_beside_its_missing_credentials(problems, base):
    text = base.replace(TOKEN, "access_token_env: NOWHERE").replace(f"      {NUMBERS}\n", "")
    assert problems(text) == [
        "daemon.yaml:5: spec.platforms.whatsapp: nobody may talk. Write allowed_numbers.",
        "daemon.yaml:7: spec.platforms.whatsapp.access_token: NOWHERE is not set. Export it, or name another variable.",
    ]


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("metadata: {namespace: ops}\n", "11: metadata.namespace: has no effect. Remove it."),
        ("metadata: {name: My Daemon}\n", "11: metadata.name: is not like a DNS name. Write a-z, 0-9 and -."),
        (
            "metadata: {description: 'a ${b'}\n",
            "11: metadata.description: a ${ begins no variable and is left as it is. Write ${NAME}.",
        ),
    ],
)
def test_what_has_no_effect_is_a_warning(warnings, base, added, told):
    assert warnings(base + added) == [f"daemon.yaml:{told}"]
