import base64
from urllib.parse import quote

import pytest

from aof.tools.redaction import MASK, Redactor

BOT = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
META = "EAAG" + "mNZC9ZAoBAKZ" * 8
KEY_BODY = "\n".join(["MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"] * 4)
PEM = f"-----BEGIN RSA PRIVATE KEY-----\n{KEY_BODY}\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"POST https://api.telegram.org/bot{BOT}/sendMessage failed", BOT),
        ("GET /bot123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0/getMe", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"),
        (f"token is {META}.", META),
        (f"https://graph.facebook.com/v25.0/me?access_token={META}&x=1", META),
        (f"Authorization: Bearer {JWT}", JWT),
        (f"header=Bearer%20{JWT} sent", JWT),
        ("authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA=="),
        ('{"Authorization":"Basic dXNlcjpwYXNzd29yZA==","ok":true}', "dXNlcjpwYXNzd29yZA=="),
        ('Authorization: Digest username="u", response="6629fae49393a05397450978507c4ef1"', "6629fae49393a053"),
        ("curl -H 'Authorization: token 0123456789abcdef' https://x", "0123456789abcdef"),
        ("Set-Cookie: session=abcdef0123456789; HttpOnly", "abcdef0123456789"),
        ("bearer abcdef0123456789", "abcdef0123456789"),
        ("aws id AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"),
        (
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ),
        ("cloning with ghp_" + "a1B2" * 9, "a1B2" * 9),
        ("github_pat_" + "11ABCDEFG0" * 4, "11ABCDEFG0" * 4),
        ("glpat-" + "xY_z12345678" * 2, "xY_z12345678"),
        ("slack xoxb-123456789012-abcdefABCDEF", "123456789012-abcdefABCDEF"),
        ("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXX", "XXXXXXXXXXXXXXXX"),
        ("OPENAI says sk-proj-abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwx"),
        ("AIza" + "SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY"[:35], "SyD-9tSrke72PouQMnMX"),
        ('password="correct horse battery staple" next', "horse"),
        ("password='correct horse' next", "horse"),
        (r'{"msg":"login with password=\"correct horse\" failed"}', "horse"),
        ('{"db_password": "correct \\" horse"}', "horse"),
        ("      DB_PASSWORD:  correct horse battery", "battery"),
        ("  - client_secret: abc def", "def"),
        ('api_key="unterminated secret', "unterminated secret"),
        ("mysql --password hunter2 -h db", "hunter2"),
        ("vault --token=s.abcdef login", "s.abcdef"),
        ("connect postgres://app:p%40ss@db:5432/x", "p%40ss"),
        ("connect postgres://app:p@ss:w@db:5432/x", "p@ss"),
        ("git clone https://0123456789abcdef@github.com/x/y", "0123456789abcdef"),
        ("amqp://:hunter2@mq", "hunter2"),
        (PEM, "MIIEvQ"),
        (f"key:\n{PEM}\nafter", "MIIEvQ"),
        (PEM.replace("\n", "\\n"), "MIIEvQ"),
        (PEM.rsplit("\n", 1)[0], "MIIEvQ"),  # cut before its end
        (PEM.split("\n", 1)[1], "MIIEvQ"),  # a log's last lines begin inside it
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\n-----END OPENSSH PRIVATE KEY-----", "b3BlbnNzaC1r"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, secret: str) -> None:
    shown = Redactor()(text)
    assert secret not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T12:04:05Z INFO started in 1.2 s, listening on :8080",
        "GET https://example.com:8443/users?id=7 200",
        "prod  api-server-7d9f8b6c5d-x2x8z  0/1  CrashLoopBackOff  3  12m",
        "      DB_PASSWORD:  <set to the key 'password' in secret 'db'>  Optional: false",
        "Mounts: /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-x (ro)",
        "Image ID: docker.io/library/nginx@sha256:" + "0a1b" * 16,
        "the password was wrong",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG\n-----END CERTIFICATE-----",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert Redactor()(text) == text


def test_a_quoted_value_keeps_its_quotes_so_that_the_line_stays_readable() -> None:
    assert Redactor()('password="a b" user="c"') == f'password="{MASK}" user="c"'


@pytest.mark.parametrize("form", [lambda secret: secret, lambda secret: quote(secret, safe="")])
def test_known_values_are_masked_whatever_they_look_like(form) -> None:
    secret = "plain & simple"
    assert Redactor([secret])(f"it was {form(secret)} all along") == f"it was {MASK} all along"


def test_a_known_value_is_masked_in_base64_as_a_kubernetes_secret_prints_it() -> None:
    encoded = base64.b64encode(b"plain and simple").decode()
    assert encoded not in Redactor(["plain and simple"])(f"value {encoded}")


def test_a_known_value_that_begins_with_another_is_masked_whole() -> None:
    assert Redactor(["abcdef", "abcdef-and-more"])("abcdef-and-more") == MASK


def test_a_short_value_does_not_blot_out_ordinary_words() -> None:
    assert Redactor(["prod", ""])("pods in prod") == "pods in prod"


@pytest.mark.parametrize(
    "unit", ["eyJ", "://", "password", "a=", "-----END A PRIVATE KEY", "1234567:", "A", '\\"', "--", "token:"]
)
def test_hostile_repetitions_are_masked_or_kept_without_getting_stuck(unit: str) -> None:
    text = (unit * 70_000)[:65_536]
    assert isinstance(Redactor()(text), str)
