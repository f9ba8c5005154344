"""Every rule of a file, each with the line, the key, what is wrong and what to write."""

import pytest


def _keys(section: str, *lines: str) -> str:
    return f"  {section}:\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("added", "said"),
    [
        # a typo, by its nearest key
        (_keys("server", "prot: 8080"), '12: spec.server.prot: there is no such key. Did you mean "port"?'),
        (_keys("servr", "port: 1"), '11: spec.servr: there is no such key. Did you mean "server"?'),
        (
            "      allowed_number: []\n",
            '11: spec.platforms.whatsapp.allowed_number: there is no such key. Did you mean "allowed_numbers"?',
        ),
        (
            "      app_secrt_env: X\n",
            '11: spec.platforms.whatsapp.app_secrt_env: there is no such key. Did you mean "app_secret_env"?',
        ),
        ("    whatsap: {}\n", '11: spec.platforms.whatsap: there is no such key. Did you mean "whatsapp"?'),
        ("metadta: {}\n", '11: metadta: there is no such key. Did you mean "metadata"?'),
        (
            _keys("server", "xylophone: 1"),
            "12: spec.server.xylophone: there is no such key. Known here: admin, host, port, trusted_proxies.",
        ),
        # a key in the wrong place
        ("  port: 80\n", "11: spec.port: there is no such key. It belongs in spec.server."),
        ("runtime: {}\n", "11: runtime: there is no such key. It belongs in spec."),
        (
            "  phone_number_id: 1\n",
            "11: spec.phone_number_id: there is no such key. It belongs in spec.platforms.whatsapp.",
        ),
        (_keys("server", "Port: 1"), '12: spec.server.Port: there is no such key. Did you mean "port"?'),
        # numbers
        (_keys("server", "port: http"), "12: spec.server.port: wants a whole number. Write digits only."),
        (_keys("server", "port: 65536"), "12: spec.server.port: is too large. Write 65535 or less."),
        (_keys("server", "port: -1"), "12: spec.server.port: is too small. Write 0 or more."),
        (_keys("server", "port: [1]"), "12: spec.server.port: wants a whole number. Write digits only."),
        (_keys("server", "port:"), "12: spec.server.port: is empty. Give it a value, or remove the key."),
        (
            _keys("server", "port: 8081"),
            "11: spec.server: port 8081 is given to webhooks and to the admin. Write two different ones.",
        ),
        (_keys("store", "keep_days: 0"), "12: spec.store.keep_days: is too small. Write 1 or more."),
        (
            _keys("store", "keep_ids_days: 6"),
            "12: spec.store.keep_ids_days: 6 is too short, Meta repeats a webhook for 7 days. Write 7 or more.",
        ),
        (
            _keys("delivery", "uncertain_wait_seconds: .inf"),
            "12: spec.delivery.uncertain_wait_seconds: wants a number. Write digits, with a point if need be.",
        ),
        (
            _keys("delivery", "uncertain_wait_seconds: 3601"),
            "12: spec.delivery.uncertain_wait_seconds: is too large. Write 3600 or less.",
        ),
        (
            _keys("runtime", "max_concurrent_tasks: 0"),
            "12: spec.runtime.max_concurrent_tasks: is too small. Write 1 or more.",
        ),
        (
            _keys("runtime", "task_timeout_secs: 86401"),
            "12: spec.runtime.task_timeout_secs: is too large. Write 86400 or less.",
        ),
        (
            _keys("runtime", "max_tasks_per_user: 1001"),
            "12: spec.runtime.max_tasks_per_user: is too large. Write 1000 or less.",
        ),
        (
            _keys("runtime", "max_waiting_per_conversation: 10001"),
            "12: spec.runtime.max_waiting_per_conversation: is too large. Write 10000 or less.",
        ),
        # words
        (
            _keys("delivery", "uncertain: ask_operatr"),
            '12: spec.delivery.uncertain: wants one of send_again, ask_operator. Did you mean "ask_operator"?',
        ),
        (_keys("runtime", "language: de"), "12: spec.runtime.language: wants one of en, ar. Write en or ar."),
        (
            "      allow_everyone: 1\n",
            (
                "11: spec.platforms.whatsapp.allow_everyone: wants true or false. "
                "Write true or false (yes, no, on and off will do)."
            ),
        ),
        (
            "      allow_live_send: t\n",
            (
                "11: spec.platforms.whatsapp.allow_live_send: wants true or false. "
                "Write true or false (yes, no, on and off will do)."
            ),
        ),
        (
            "      allow_live_send:\n",
            "11: spec.platforms.whatsapp.allow_live_send: is empty. Give it a value, or remove the key.",
        ),
        ("apiVersion: aof.dev/v2\n", "11: apiVersion: is given twice, first on line 1. Keep one of them."),
        # addresses
        (
            _keys("server", "admin: {host: 0.0.0.0}"),
            (
                "12: spec.server.admin: a host that is not loopback needs a token. Write token_env: AOF_ADMIN_TOKEN, "
                "the name of a variable with 16 characters or more, or host: 127.0.0.1."
            ),
        ),
        (
            _keys("server", "admin:", "  host: ops.example"),
            (
                "12: spec.server.admin: a host that is not loopback needs a token. Write token_env: AOF_ADMIN_TOKEN, "
                "the name of a variable with 16 characters or more, or host: 127.0.0.1."
            ),
        ),
        (
            _keys("server", "host: http://x/"),
            "12: spec.server.host: is not written as it has to be. It has to match ^[A-Za-z0-9._:%-]+$",
        ),
        (
            _keys("store", "url: postgresql+psycopg://u:p@x/y"),
            "12: spec.store.url: a store in postgresql is not supported yet. Write sqlite:///aof.db.",
        ),
        (
            _keys("store", "url: redis://x"),
            "12: spec.store.url: a store in redis is not supported yet. Write sqlite:///aof.db.",
        ),
        (
            _keys("store", "url: sqlite://aof.db"),
            "12: spec.store.url: this is not the address of a store. Write sqlite:///aof.db, or sqlite:////var/lib/aof.db.",
        ),
        (
            _keys("store", "url: aof.db"),
            "12: spec.store.url: this is not the address of a store. Write sqlite:///aof.db, or sqlite:////var/lib/aof.db.",
        ),
        (
            _keys("store", "url: 'sqlite:///:memory:'"),
            "12: spec.store.url: a store in memory would lose every message at a restart. Write sqlite:///aof.db.",
        ),
        (
            _keys("store", "url: 'sqlite:///a.db?mode=ro'"),
            "12: spec.store.url: options in the address of a store are not supported yet. Write sqlite:///aof.db.",
        ),
        (
            _keys("tools", "path: /bin::/usr/bin"),
            "12: spec.tools.path: an empty directory would mean wherever the daemon was started. Name every directory.",
        ),
        (_keys("tools", "path: []"), "12: spec.tools.path: has too few entries. Write at least 1."),
        (
            _keys("tools", "path:"),
            "12: spec.tools.path: is empty. Write [] for an empty list, or remove the key.",
        ),
        # forms
        ("  server: 8080\n", "11: spec.server: wants keys with values. Write key: value below."),
        ("  server: [8080]\n", "11: spec.server: wants keys with values. Write key: value below."),
        (
            _keys("server", "host: [a, b]"),
            "12: spec.server.host: wants one text. Write one value, not a list or a mapping.",
        ),
        (
            "      allowed_users: US.1\n",
            "11: spec.platforms.whatsapp.allowed_users: wants a list. Write [first, second].",
        ),
        (
            "      allowed_users:\n",
            "11: spec.platforms.whatsapp.allowed_users: is empty. Write [] for an empty list, or remove the key.",
        ),
        (
            _keys("server", "port: !!binary ODA4MA=="),
            "12: spec.server.port: a tag (!…) asks for more than text. Remove the tag, or quote the value.",
        ),
        (
            "  tools: {path: !!python/object/apply:os.system [ls]}\n",
            "11: spec.tools.path: a tag (!…) asks for more than text. Remove the tag, or quote the value.",
        ),
        # one key twice
        (
            _keys("server", "port: 1", "port: 2"),
            "13: spec.server.port: is given twice, first on line 12. Keep one of them.",
        ),
        (
            _keys("store", "keep_days: 1", "keepDays: 2"),
            "13: spec.store.keep_days: keepDays is the same key as keep_days on line 12. Keep one of them.",
        ),
        (
            _keys("store", "keep-days: 1", "keepDays: 2"),
            "13: spec.store.keep_days: keepDays is the same key as keep-days on line 12. Keep one of them.",
        ),
        (
            "metadata:\n  labels:\n    team: a\n    team: b\n",
            "14: metadata.labels.team: is given twice, first on line 13. Keep one of them.",
        ),
        # keys that are none
        (
            _keys("server", "? [a]", ": 1"),
            (
                "12: spec.server: a key is not a name (not shown: it could be a value). "
                "Write key: value, with a space after the colon."
            ),
        ),
        (
            "  server: {port:8080}\n",
            (
                "11: spec.server: a key is not a name (not shown: it could be a value). "
                "Write key: value, with a space after the colon."
            ),
        ),
        # aliases
        (
            "  server: &a {admin: *a}\n",
            "11: spec.server.admin: an alias stands inside its own anchor. Write the value out.",
        ),
        ("  server: &a {<<: *a}\n", "11: spec.server: an alias stands inside its own anchor. Write the value out."),
        ("  server: {<<: 1}\n", "11: spec.server: << merges what is no mapping. Write <<: *anchor of a mapping."),
    ],
)
def test_what_is_wrong_is_told_with_line_key_and_what_to_write(problems, base, added, said):
    assert problems(base + added) == [f"daemon.yaml:{said}"]


def test_an_allow_list_left_empty_is_one_problem_and_not_also_nobody_who_may_talk(problems, base):
    assert problems(base.replace(' ["+49 30 901820"]', "")) == [
        (
            "daemon.yaml:10: spec.platforms.whatsapp.allowed_numbers: is empty. "
            "Write [] for an empty list, or remove the key."
        )
    ]


def test_an_entry_that_is_wrong_is_told_by_its_position_and_line(problems, base):
    assert problems(base.replace(' ["+49 30 901820"]', "\n      - !!binary eA==\n      - '+49'\n      - {a: b}\n")) == [
        (
            "daemon.yaml:11: spec.platforms.whatsapp.allowed_numbers[0]: a tag (!…) asks for more than text. "
            "Remove the tag, or quote the value."
        ),
        (
            "daemon.yaml:13: spec.platforms.whatsapp.allowed_numbers[2]: wants one text. "
            "Write one value, not a list or a mapping."
        ),
    ]


def test_the_positions_in_a_list_are_those_of_the_file(problems, base):
    told = problems(f"{base}  tools:\n    path:\n      - !!binary eA==\n      - {{a: b}}\n")
    assert [line.split(": ")[:2] for line in told] == [
        ["daemon.yaml:13", "spec.tools.path[0]"],
        ["daemon.yaml:14", "spec.tools.path[1]"],
    ]


SUPPORTED_LATER = [
    *(
        ("spec", key)
        for key in (
            "fleets",
            "flows",
            "bindings",
            "workflows",
            "settings",
            "logging",
            "audit",
            "mode",
            "queue",
            "gateway",
            "worker",
            "routing",
        )
    ),
    *(("spec.server", key) for key in ("cors", "timeout_secs", "tls")),
    *(
        ("spec.platforms", key)
        for key in (
            "telegram",
            "slack",
            "discord",
            "teams",
            "github",
            "gitlab",
            "bitbucket",
            "jira",
        )
    ),
]


@pytest.mark.parametrize(("section", "key"), SUPPORTED_LATER)
def test_what_aof_files_may_hold_and_nobody_built_yet_is_refused_by_name(problems, base, section, key):
    added = {
        "spec": f"  {key}: {{}}\n",
        "spec.platforms": f"    {key}: {{bot_token: x}}\n",
    }.get(section, f"  {section.removeprefix('spec.')}:\n    {key}: x\n")
    line = 12 if section == "spec.server" else 11
    assert problems(base + added) == [f"daemon.yaml:{line}: {section}.{key}: is not supported yet. Remove it."]


def test_a_key_supported_later_is_known_in_its_other_spellings(problems, base):
    assert problems(base + _keys("server", "timeoutSecs: 1")) == [
        "daemon.yaml:12: spec.server.timeout_secs: is not supported yet. Remove it."
    ]


def test_aliases_that_unfold_into_millions_of_values_are_refused(problems, base):
    bomb = "metadata:\n  labels:\n    a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 9):
        bomb += f"    a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"
    told = problems(base + bomb)
    assert len(told) == 1
    assert "aliases unfold into more than 100000 values. Write them out." in told[0]


def test_merges_that_unfold_into_millions_of_values_are_refused(problems, base):
    bomb = "metadata:\n  labels:\n    a0: &a0 {k: v}\n"
    for level in range(1, 9):
        bomb += f"    a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 10)}]}}\n"
    assert "aliases unfold into more than 100000 values" in problems(base + bomb)[-1]


def test_all_problems_are_told_at_once_in_the_order_of_their_lines(problems):
    text = """\
kind: DaemonConfig
spec:
  server: {port: x, prot: 1}
  fleets: []
  platforms:
    whatsapp:
      phone_number_id: ${NOWHERE}
      app_secret: short-and-known
      allow_live_send: maybe
    slack: {}
  runtime:
    language: klingon
colour: blue
"""
    assert [line.removeprefix("daemon.yaml:").split(": ")[:2] for line in problems(text)] == [
        ["3", "spec.server.prot"],
        ["3", "spec.server.port"],
        ["4", "spec.fleets"],
        ["6", "spec.platforms.whatsapp.access_token"],
        ["6", "spec.platforms.whatsapp.verify_token"],
        ["6", "spec.platforms.whatsapp"],  # the model's own rule, though credentials are missing too
        ["7", "spec.platforms.whatsapp.phone_number_id"],
        ["9", "spec.platforms.whatsapp.allow_live_send"],
        ["10", "spec.platforms.slack"],
        ["12", "spec.runtime.language"],
        ["13", "colour"],
    ]
