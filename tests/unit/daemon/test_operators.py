"""`spec.operator`: what it needs of the rest of the file, told before anything starts."""

import json
import re

import pytest

from aof.daemon import Assembly, read
from aof.domain.errors import ConfigError
from tests.e2e.world import CREDENTIALS, configuration

TOKEN = "a-token-of-sixteen-or-more"
PEOPLE = [{"name": "Sara", "whatsapp": "+49 151 12345678", "language": "ar"}, {"name": "Noor"}]


@pytest.fixture
def assembled(tmp_path):
    def assembled(operator, **environ) -> Assembly:
        file = tmp_path / "daemon.yaml"
        file.write_text(configuration("http://127.0.0.1:1", people=PEOPLE, operator=operator))
        return read(file, {**CREDENTIALS, "AOF_OPERATOR_API_TOKEN": TOKEN, **environ})

    return assembled


def test_the_token_comes_from_its_variable_and_is_taken_out_of_every_text(assembled):
    assembly = assembled({"operators": ["Sara"], "api_token_env": "AOF_OPERATOR_API_TOKEN"})
    operator = assembly.config.spec.operator
    assert operator.operators == ("Sara",)
    assert operator.api_token.get_secret_value() == TOKEN
    assert TOKEN not in assembly.redact(f"it was {TOKEN}")
    assert assembly.warnings == ()


@pytest.mark.parametrize(
    ("operator", "problem"),
    [
        ({"operators": ["Sra"]}, 'nobody of spec.people is called Sra. Did you mean "Sara"?'),
        ({"operators": ["Noor"]}, "Noor can't be written to: no number and no user id on whatsapp is known"),
        ({"operators": ["Sara"], "platform": "telegram"}, "the platform telegram is not configured"),
        ({"operators": ["Sara"], "draft_agent": "writer"}, "there is no agent writer"),
        ({"operators": ["Sara"], "api_token": "tiny"}, "is too short. Write api_token_env: AOF_OPERATOR_API_TOKEN"),
        ({"operators": ["Sara"], "api_token_env": "NOT_SET"}, "NOT_SET is not set"),
        ({"operators": ["Sara"], "operater": 1}, "there is no such key"),
    ],
)
def test_what_can_not_work_is_told_with_its_key(assembled, operator, problem):
    with pytest.raises(ConfigError, match=re.escape(problem)) as refused:
        assembled(operator)
    assert "spec.operator" in str(refused.value)


def test_an_operator_whose_variable_is_not_set_is_nobody(assembled):
    assembly = assembled({"operators": ["Sara", "${WHO}"]})
    assert assembly.config.spec.operator.operators == ("Sara",)
    assert [problem.key for problem in assembly.warnings] == ["spec.operator.operators"]


@pytest.mark.parametrize(
    ("lists", "warned"),
    [
        ({"allowed_numbers": ["+15550002002"]}, True),
        ({"allowed_numbers": []}, True),
        ({"allowed_users": ["US.1"]}, True),
        ({"allowed_numbers": ["+49 151 12345678"]}, False),
        ({"allow_everyone": True}, False),
        ({"allow_everyone": False}, False),  # let in by a code, perhaps
    ],
)
def test_an_operator_who_may_not_talk_is_warned_about(tmp_path, lists, warned):
    file = tmp_path / "daemon.yaml"
    given = {"operators": ["Sara"]}
    file.write_text(configuration("http://127.0.0.1:1", people=PEOPLE, operator=given, whatsapp=lists))
    said = [str(one) for one in read(file, CREDENTIALS).warnings]
    assert any("Sara may not talk on whatsapp" in one for one in said) is warned


def test_an_operator_on_telegram_who_may_not_talk_is_told_of_the_list_that_telegram_has(tmp_path):
    file = tmp_path / "daemon.yaml"
    people = [{"name": "Sara", "telegram": "55501"}]
    telegram = {"bot_token": "7000000001:a-token-of-the-test", "allowed_users": ["55502"]}
    document = {
        "apiVersion": "aof.dev/v1",
        "kind": "DaemonConfig",
        "spec": {
            "platforms": {"telegram": telegram},
            "people": people,
            "operator": {"operators": ["Sara"], "platform": "telegram"},
        },
    }
    file.write_text(json.dumps(document))
    said = next(one for one in map(str, read(file, {}).warnings) if "may not talk" in one)
    assert "Sara may not talk on telegram" in said
    assert said.endswith("Write their id under spec.platforms.telegram.allowed_users.")
