"""Trigger documents: what is read, what is refused, and what is doubted."""

import pytest

HEAD = "kind: Trigger\nmetadata: {name: night-watch}\nspec:\n  type: WhatsApp\n"
"""Four lines: what a test adds begins on line 5."""

CREDENTIALS = (
    "access_token",
    "bot_token",
    "phone_number_id",
    "verify_token",
    "app_secret",
    "app_secret_env",
    "webhook_url",
)


def test_a_trigger_is_read_as_it_stands(reads):
    files = reads(
        HEAD
        + """\
  default_agent: dockhand
  config:
    events: [message, interactive]
    users: ["US.1349", "+49 30 901820"]
    allowed_numbers: ["4930901821", "+52 55 1234 5678"]
    excluded_users: [US.7, "+49 30 901822"]
    channels: ["#ops", night]
    patterns: ["(?i)crane", "^ship"]
  commands:
    /help: {agent: builtin, description: Commands and menus}
    Berths: {agent: dockhand, response: Looking.}
    default: {agent: paperwork}
"""
    )
    files.raise_errors()
    assert files.warnings == ()
    (trigger,) = files.triggers
    assert (trigger.name, trigger.platform, trigger.enabled) == ("night-watch", "whatsapp", True)
    assert (trigger.default_agent, trigger.file, trigger.line) == ("dockhand", "crew/a.yaml", 1)
    assert {name: (one.agent, one.description, one.response) for name, one in trigger.commands.items()} == {
        "help": ("builtin", "Commands and menus", ""),
        "berths": ("dockhand", "", "Looking."),
    }
    assert trigger.default_command is not None
    assert trigger.default_command.agent == "paperwork"
    assert trigger.numbers == ("+4930901821", "+525512345678", "+4930901820", "+5215512345678")
    assert trigger.users == ("US.1349",)
    assert (trigger.excluded_users, trigger.excluded_numbers) == (("US.7",), ("+4930901822",))
    assert (trigger.channels, trigger.events) == (("ops", "night"), ("message", "interactive"))
    assert trigger.patterns == ("(?i)crane", "^ship")
    named = [(one.agent, one.line, one.key, one.command) for one in files.references if one.file == "crew/a.yaml"]
    assert named == [
        ("dockhand", 5, "spec.default_agent", None),
        ("builtin", 14, "spec.commands.help.agent", "help"),
        ("dockhand", 15, "spec.commands.berths.agent", "berths"),
        ("paperwork", 16, "spec.commands.default.agent", "default"),
    ]


def test_a_trigger_that_says_little_lets_everything_pass(reads):
    (trigger,) = reads(HEAD).triggers
    assert (trigger.numbers, trigger.users, trigger.channels, trigger.patterns, trigger.events) == (None,) * 5
    assert (trigger.excluded_users, trigger.excluded_numbers, dict(trigger.commands)) == ((), (), {})
    assert (trigger.default_agent, trigger.default_command, trigger.reads_all) == (None, None, False)


@pytest.mark.parametrize("word", ["whatsapp", "WHATSAPP", "whats-app", "Whats_App"])
def test_a_type_ignores_case_and_joints(reads, word):
    assert [trigger.platform for trigger in reads(HEAD.replace("WhatsApp", word)).triggers] == ["whatsapp"]


def test_of_a_trigger_that_is_switched_off_nothing_counts(reads):
    files = reads(f"{HEAD}  enabled: false\n  default_agent: nobody\n")
    files.raise_errors()
    assert [trigger.enabled for trigger in files.triggers] == [False]
    assert [reference.file for reference in files.references] == ["daemon.yaml"]


@pytest.mark.parametrize(
    ("filters", "numbers", "users"),
    [
        ("users: []", (), ()),  # an empty list allows nobody
        ("allowed_users: [US.1]", (), ("US.1",)),
        ("allowed_numbers: []", (), ()),
        ("users: ['*']", None, None),
        ("users: ['${NOWHERE}']", (), ()),
        ("allowed_numbers: ['${NOWHERE}', '${DUTY}']", ("+4930901820",), ()),
    ],
)
def test_a_list_of_people_lets_in_who_stands_on_it(reads, filters, numbers, users):
    files = reads(f"{HEAD}  config: {{{filters}}}\n", environ={"DUTY": "+49 30 901820"})
    files.raise_errors()
    (trigger,) = files.triggers
    assert (trigger.numbers, trigger.users) == (numbers, users)
    assert ("NOWHERE" in filters) is ("NOWHERE is not set or empty, this entry lets nobody in" in str(files.warnings))


@pytest.mark.parametrize("key", ["channels", "patterns", "events"])
def test_an_empty_filter_is_none_and_one_that_lost_its_entries_lets_nothing_pass(reads, key):
    files = reads(f"{HEAD}  config: {{{key}: []}}\n")
    assert getattr(files.triggers[0], key) is None
    assert [str(warning) for warning in files.warnings] == [
        f"crew/a.yaml:5: spec.config.{key}: is empty, and so no filter. Remove the key."
    ]
    files = reads(f"{HEAD}  config: {{{key}: ['${{NOWHERE}}']}}\n")
    files.raise_errors()
    assert getattr(files.triggers[0], key) == ()


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("  defaultagent: x\n", '5: spec.defaultagent: there is no such key. Did you mean "default_agent"?'),
        (
            "  platform: whatsapp\n",
            "5: spec.platform: is not supported yet. Write type: and its name, such as WhatsApp or Telegram.",
        ),
        ("  agent: x\n", "5: spec.agent: is not supported yet. Write default_agent: and its name."),
        ("  routing: {}\n", "5: spec.routing: is not supported yet. Write default_agent: and its name."),
        ("  events: [message]\n", "5: spec.events: is not supported yet. Write it under spec.config."),
        *(
            (f"  {key}: x\n", f"5: spec.{key}: is not supported yet. Remove it.")
            for key in ("filter", "parameters", "approval", "on_error", "webhook", "output", "input", "schedule")
        ),
        *(
            (
                f"  config: {{{key}: X}}\n",
                (
                    f"5: spec.config.{key}: is not supported yet. "
                    "Write it below its platform, under spec.platforms of the daemon's file."
                ),
            )
            for key in CREDENTIALS
        ),
        *(
            (f"  config: {{{key}: x}}\n", f"5: spec.config.{key}: is not supported yet. Remove it.")
            for key in ("path", "approval_channel", "approval_allowed_users")
        ),
        (
            "  config: {events: [mesage]}\n",
            (
                "5: spec.config.events[0]: wants one of message, command, interactive, callback_query. "
                'Did you mean "message"?'
            ),
        ),
        (
            "  config: {patterns: ['(']}\n",
            "5: spec.config.patterns[0]: is no regular expression (missing ) at position 1). Mend it.",
        ),
        (
            "  config: {patterns: ['[[:all:]']}\n",  # Python's own engine takes it
            "5: spec.config.patterns[0]: is no regular expression (unknown property at position 8). Mend it.",
        ),
        (
            "  config: {patterns: ['\\X{i<=2,s:\\1}']}\n",
            "5: spec.config.patterns[0]: is no regular expression that can be used. Write a simpler one.",
        ),
        (
            f"  config: {{patterns: ['{'x' * 501}']}}\n",
            "5: spec.config.patterns[0]: is longer than 500 characters. Write a shorter pattern.",
        ),
        (
            "  config: {allowed_numbers: [123]}\n",
            (
                "5: spec.config.allowed_numbers[0]: has too few or too many digits for its country. "
                "Write it with its country code, such as +4915112345678."
            ),
        ),
        (
            "  config: {excluded_users: ['${NOWHERE}']}\n",
            "5: spec.config.excluded_users[0]: NOWHERE is not set. Export it, or write ${NOWHERE:-a default}.",
        ),
        (
            "  config: {users: ['*'], allowed_numbers: []}\n",
            ("5: spec.config: users lets in everyone by *, which contradicts allowed_numbers. Keep one of them."),
        ),
        (
            "  config: {excluded_users: ['*']}\n",
            "5: spec.config: excluded_users keeps everyone out by *. Write enabled: false.",
        ),
        ("  config: {user: [x]}\n", '5: spec.config.user: there is no such key. Did you mean "users"?'),
        (
            "  commands:\n    /a b: {agent: x}\n",
            (
                "6: spec.commands: a key is not the name of a command. "
                "Write a slash, then letters, digits, - and _, such as /pods."
            ),
        ),
        (
            "  commands:\n    /pods: {agent: x}\n    Pods: {agent: y}\n",
            "7: spec.commands.pods: is the same command as /pods on line 6. Keep one of them.",
        ),
        ("  commands:\n    /pods: {description: x}\n", "6: spec.commands.pods.agent: is missing. Add it."),
        (
            "  commands:\n    /pods: {fleet: x}\n",
            "6: spec.commands.pods.fleet: is not supported yet. Write agent: and the name of an agent.",
        ),
        (
            "  commands:\n    /pods: {agent: x, flow: y}\n",
            "6: spec.commands.pods.flow: is not supported yet. Write agent: and the name of an agent.",
        ),
        (
            "  commands:\n    /pods: {agent: x, requires_approval: true}\n",
            "6: spec.commands.pods.requires_approval: is not supported yet. Remove it.",
        ),
        (
            "  commands:\n    /pods: {agent: x, desciption: y}\n",
            '6: spec.commands.pods.desciption: there is no such key. Did you mean "description"?',
        ),
    ],
)
def test_what_is_wrong_with_a_trigger_is_told(problems_beside, added, said):
    assert problems_beside(HEAD + added) == [f"crew/a.yaml:{said}"]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Slack", "Slack is not supported yet. Write WhatsApp, Telegram or HTTP, or remove this document."),
        ("pager-duty", "PagerDuty is not supported yet. Write WhatsApp, Telegram or HTTP, or remove this document."),
    ],
)
def test_another_platform_is_refused_by_name(problems_beside, word, said):
    assert problems_beside(HEAD.replace("WhatsApp", word)) == [f"crew/a.yaml:4: spec.type: {said}"]


def test_a_misspelled_platform_is_known_by_its_nearest(problems_beside):
    (told,) = problems_beside(HEAD.replace("WhatsApp", "WhatsUp"))
    assert told.endswith('Did you mean "WhatsApp"?')


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        ("platform: whatsapp\n  routing: {default_agent: x}", "spec.platform"),
        ("platform: {type: slack, config: {}}\n  agent: x", "spec.platform"),
        ("source: {type: webhook}\n  actions: []", "spec.source"),
    ],
)
def test_another_dialect_is_refused_by_its_own_keys(problems_beside, spec, key):
    told = problems_beside(HEAD.replace("type: WhatsApp", spec))
    assert told[0].startswith(f"crew/a.yaml:4: {key}: is not supported yet. ")
    assert all("not supported yet" in line for line in told)


@pytest.mark.parametrize("kind", ["Agent", "Trigger"])
def test_aliases_that_unfold_into_millions_of_values_are_refused(problems_beside, kind):
    bomb = f"kind: {kind}\nmetadata:\n  labels:\n    a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in range(1, 9):
        bomb += f"    a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n"
    (told,) = problems_beside(bomb)
    assert "aliases unfold into more than 100000 values. Write them out." in told


TELEGRAM = HEAD.replace("WhatsApp", "Telegram")


@pytest.mark.parametrize("channels", ["channels", "chat_ids", "allowed_groups"])
def test_a_trigger_of_telegram_names_people_and_chats_by_their_numbers(reads, channels):
    files = reads(
        TELEGRAM
        + f"""\
  config:
    events: [message, command, callback_query]
    users: [55501, "telegram:55502"]
    excluded_users: ["55503"]
    {channels}: [-1001234567890, "55501"]
    group_messages: all
"""
    )
    files.raise_errors()
    assert files.warnings == ()
    (trigger,) = files.triggers
    assert (trigger.platform, trigger.users, trigger.numbers) == ("telegram", ("55501", "55502"), ())
    assert (trigger.excluded_users, trigger.excluded_numbers) == (("55503",), ())
    assert (trigger.channels, trigger.reads_all) == (("-1001234567890", "55501"), True)
    assert trigger.events == ("message", "command", "interactive")


def test_everyone_is_everyone_on_telegram_too(reads):
    files = reads(f"{TELEGRAM}  config: {{users: ['*'], group_messages: addressed}}\n")
    files.raise_errors()
    assert (files.triggers[0].users, files.triggers[0].reads_all) == (None, False)


NO_USER = "is no user id of Telegram, and a @name is none either. Write the number, such as 55501."
NO_CHAT = "is no id of a chat on Telegram. Write the number, of a group with its minus sign: -1001234567890."


@pytest.mark.parametrize(
    ("head", "config", "said"),
    [
        (TELEGRAM, "users: ['@ola']", f"spec.config.users[0]: {NO_USER}"),
        (TELEGRAM, "users: ['+49 30 901820']", f"spec.config.users[0]: {NO_USER}"),
        (TELEGRAM, "excluded_users: [-1001]", f"spec.config.excluded_users[0]: {NO_USER}"),
        (TELEGRAM, "channels: ['#ops']", f"spec.config.channels[0]: {NO_CHAT}"),
        (TELEGRAM, "channels: ['@ops']", f"spec.config.channels[0]: {NO_CHAT}"),
        (
            TELEGRAM,
            "allowed_numbers: ['+49 30 901820']",
            "spec.config.allowed_numbers[0]: is for WhatsApp: a bot on Telegram is shown nobody's number. Write ",
        ),
        (
            HEAD,
            "group_messages: all",
            "spec.config.group_messages: is for Telegram, where people of a group say which messages are meant for ",
        ),
        (TELEGRAM, "group_messages: some", "spec.config.group_messages: wants one of addressed, all."),
    ],
)
def test_what_is_no_id_of_its_platform_is_refused_with_what_to_write(problems_beside, head, config, said):
    (problem,) = problems_beside(f"{head}  config: {{{config}}}\n")
    assert problem.startswith(f"crew/a.yaml:5: {said}")
