"""Who is known by name, the proxies that are trusted, and the token of the operators' port."""

import pytest


def _people(base: str, *people: str) -> str:
    return f"{base}  people:\n" + "".join(f"    - {{{person}}}\n" for person in people)


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("'+49 30 901820'", ("+4930901820",)),
        ("4930901820", ("+4930901820",)),
        ("US.1349abc", ("US.1349abc",)),
        ("['+49 30 901820', US.1349]", ("+4930901820", "US.1349")),
        ("+52 55 1234 5678", ("+525512345678", "+5215512345678")),  # as WhatsApp writes many numbers of Mexico
        ("+55 11 8765-4321", ("+551187654321", "+5511987654321")),
        ("[]", ()),
    ],
)
def test_a_person_has_numbers_and_ids_in_the_spellings_of_whatsapp(loads, base, written, ids):
    (person,) = loads(_people(base, f"name: Amina, whatsapp: {written}")).config.spec.people
    assert person.whatsapp == ids
    assert {*person.numbers, *person.user_ids} == set(ids)
    assert all(number.startswith("+") for number in person.numbers)


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (["roles: [a]"], "12: spec.people[0].name: is missing. Add it."),
        (
            ["name: A, whatsapp: 0171 1234567"],
            (
                "12: spec.people[0].whatsapp: has no country code. "
                "Write it with its country code, such as +4915112345678."
            ),
        ),
        (
            ["name: A, whatsapp: [US.1, 12345]"],
            (
                "12: spec.people[0].whatsapp[1]: has too few or too many digits for its country. "
                "Write it with its country code, such as +4915112345678."
            ),
        ),
        (
            ["name: A, whatsapp: '${NOWHERE}'"],
            "12: spec.people[0].whatsapp: NOWHERE is not set. Export it, or write ${NOWHERE:-a default}.",
        ),
        (["name: A, languge: en"], '12: spec.people[0].languge: there is no such key. Did you mean "language"?'),
        (["name: A, language: de"], "12: spec.people[0].language: wants one of en, ar. Write en or ar."),
        (
            ["name: A", "name: a"],
            ("13: spec.people[1].name: this name is given already, to the person of line 12. Give it to one of them."),
        ),
        (
            ["name: A, whatsapp: 4930901820", "name: B", "name: C, whatsapp: [US.2, '+49 30 901820']"],
            (
                "14: spec.people[2].whatsapp: +4930901820 is given already, to the person of line 12. "
                "Give it to one of them."
            ),
        ),
        (
            ["name: A, whatsapp: '+52 1 55 1234 5678'", "name: B, whatsapp: '+52 55 1234 5678'"],
            (
                "13: spec.people[1].whatsapp: +525512345678 is given already, to the person of line 12. "
                "Give it to one of them."
            ),
        ),
        (
            ["name: A, telegram: 7", "name: B, telegram: 7"],
            "13: spec.people[1].telegram: 7 is given already, to the person of line 12. Give it to one of them.",
        ),
    ],
)
def test_what_is_wrong_with_people_is_told(problems, base, people, said):
    assert f"daemon.yaml:{said}" in problems(_people(base, *people))


@pytest.mark.parametrize("host", ["192.0.2.1", "ops.example", "10.0.0.1", "::"])
def test_operators_may_come_from_outside_with_a_token(loads, base, host):
    admin = f"  server: {{admin: {{host: '{host}', token_env: TOKEN}}}}\n"
    token = loads(base + admin, {"TOKEN": "sixteen-letters!"}).config.spec.server.admin.token
    assert token.get_secret_value() == "sixteen-letters!"
    assert "sixteen" not in repr(token)


@pytest.mark.parametrize(
    ("admin", "said"),
    [
        ("host: 0.0.0.0", ": a host that is not loopback needs a token. Write token_env: AOF_ADMIN_TOKEN, the name of"),
        ("host: 0.0.0.0, token_env: SHORT", ".token: is too short. Write token_env: AOF_ADMIN_TOKEN, the name of a"),
        ("token_env: SHORT", ".token: is too short. Write token_env: AOF_ADMIN_TOKEN, the name of a variable with 16"),
        ("host: 0.0.0.0, token_env: NOWHERE", ".token: NOWHERE is not set. Export it, or name another variable."),
        ("tokn_env: SHORT", '.tokn_env: there is no such key. Did you mean "token_env"?'),
    ],
)
def test_a_token_that_does_not_do_is_told_with_the_key_to_write(problems, base, admin, said):
    (line,) = problems(f"{base}  server: {{admin: {{{admin}}}}}\n", {"SHORT": "fifteen-letters"})
    assert line.startswith(f"daemon.yaml:11: spec.server.admin{said}")
    assert "fifteen" not in line


def test_a_token_that_stands_in_the_file_is_a_warning(warnings, loads, base):
    text = f"{base}  server: {{admin: {{token: sixteen-letters!}}}}\n"
    assert (
        "daemon.yaml:11: spec.server.admin.token: is written in this file. Move it to the environment with token_env."
        in [str(warning) for warning in loads(text).warnings]
    )


@pytest.mark.parametrize(
    ("proxies", "said"),
    [
        ("[10.0.0.1/8]", "[0]: is no address and no network. Write one such as 10.0.0.7 or 10.0.0.0/8."),
        ("[10.0.0.1, proxy]", "[1]: is no address and no network. Write one such as 10.0.0.7 or 10.0.0.0/8."),
        ("[0.0.0.0/0]", "[0]: would trust the whole world. Write the addresses of your proxies."),
        ("['::/0']", "[0]: would trust the whole world. Write the addresses of your proxies."),
    ],
)
def test_a_proxy_is_an_address_or_a_network(problems, base, proxies, said):
    assert problems(f"{base}  server: {{trusted_proxies: {proxies}}}\n") == [
        f"daemon.yaml:11: spec.server.trusted_proxies{said}"
    ]


@pytest.mark.parametrize("key", ["agents", "triggers"])
@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[a.yaml]", ": a list of {key} is not supported yet. Write directory: ./{key} below."),
        ("{watch: true}", ".directory: is missing. Add it."),
        (
            "{directory: x, watch: true}",
            (".watch: to follow changes is not supported yet. Write false, and restart after a change."),
        ),
        ("{directory: ''}", ".directory: is empty. Write the name of a directory."),
        ("{directry: x}", '.directry: there is no such key. Did you mean "directory"?'),
    ],
)
def test_what_is_wrong_with_a_section_of_resources_is_told(problems, base, key, written, said):
    assert f"daemon.yaml:11: spec.{key}{said.format(key=key)}" in problems(f"{base}  {key}: {written}\n")
