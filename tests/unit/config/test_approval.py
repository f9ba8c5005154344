"""Who may approve, in every form of an entry, and the rules around it."""

import pytest

from aof.config.approval import ApprovalConfig
from aof.config.approver import Approver
from aof.domain.risk import Risk


@pytest.mark.parametrize(
    ("written", "kind", "platform", "value", "shown"),
    [
        ("*", "everyone", "", "", "*"),
        ("@on-call", "role", "", "on-call", "@on-call"),
        ("Amina", "person", "", "Amina", "Amina"),
        ("Jonas K.", "person", "", "Jonas K.", "Jonas K."),
        ("+49 (30) 901820", "id", "", "+4930901820", "+4930901820"),
        ("4930901820", "id", "", "+4930901820", "+4930901820"),
        ("whatsapp:+49 30 901820", "id", "whatsapp", "+4930901820", "whatsapp:+4930901820"),
        ("WhatsApp: 4930901820", "id", "whatsapp", "+4930901820", "whatsapp:+4930901820"),
        ("whatsapp:US.1349", "id", "whatsapp", "US.1349", "whatsapp:US.1349"),
        ("US.1349abc", "id", "", "US.1349abc", "US.1349abc"),
        ("telegram:55501", "id", "telegram", "55501", "telegram:55501"),
        ("slack:U1", "id", "slack", "U1", "slack:U1"),
        ("U0123ABCD", "id", "", "U0123ABCD", "U0123ABCD"),
        ("discord:1", "id", "discord", "1", "discord:1"),
        ("teams:a@b", "id", "teams", "a@b", "teams:a@b"),
        ("ULRICH", "person", "", "ULRICH", "ULRICH"),
    ],
)
def test_an_entry_says_who(written, kind, platform, value, shown):
    approver = Approver.of(written)
    assert (approver.kind, approver.platform, approver.value) == (kind, platform, value)
    assert str(approver) == shown
    assert Approver.of(shown) == approver


def test_a_number_is_one_in_each_spelling_of_whatsapp():
    assert Approver.of("whatsapp:+52 1 55 1234 5678").spellings == ("+525512345678", "+5215512345678")
    assert Approver.of("US.1349").spellings == ("US.1349",)


NUMBER = (
    "is no phone number. Write one with its country code, such as +4915112345678, or an id with its platform, "
    "such as telegram:55501."
)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("55501", NUMBER),
        ("0171 1234567", NUMBER),
        ("whatsapp:55501", NUMBER),
        (
            "whatsapp:amina",
            "is no id of WhatsApp. Write whatsapp:+4915112345678, or a user id such as US.1349.",
        ),
        ("telegram:amina", "is no id of telegram. Write it like telegram:55501."),
        ("telegram:@amina", "is no id of telegram. Write it like telegram:55501."),
        ("telegram:-1001234567890", "is no id of telegram. Write it like telegram:55501."),
        ("slack:amina", "is no id of slack. Write it like slack:U0123ABCD."),
        ("slack:", "names nobody. Write slack: and an id."),
        ("email:a@b", "an approver by e-mail address is not supported yet. Write a person of spec.people."),
        (
            "whatsap:+49 30 901820",
            "begins with no platform. Write for example whatsapp:+4915112345678, @on-call or a name.",
        ),
        ("@", "names no role. Write @ and a role of spec.people, such as @on-call."),
    ],
)
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("  approval: {{allowed_users: [Amina, '{0}']}}\n", "spec.approval.allowed_users[1]"),
        ("      approval_allowed_users: ['{0}']\n", "spec.platforms.whatsapp.approval_allowed_users[0]"),
    ],
)
def test_an_entry_that_can_be_nobody_is_told(problems_of_whatsapp, base, text, place, entry, said):
    assert problems_of_whatsapp(base + text.format(entry)) == [f"daemon.yaml:11: {place}: {said}"]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("{timeout_minutes: 0}", ".timeout_minutes: is too small. Write 1 or more."),
        ("{timeout_minutes: 10081}", ".timeout_minutes: is too large. Write 10080 or less."),
        ("{min_approvers: 0}", ".min_approvers: is too small. Write 1 or more."),
        ("{min_approvers: 21}", ".min_approvers: is too large. Write 20 or less."),
        (
            "{allow_self_approval: [wrte]}",
            ('.allow_self_approval[0]: wants one of read, sensitive, write, delete, dangerous. Did you mean "write"?'),
        ),
        (
            "{allow_self_approval: sometimes}",
            ".allow_self_approval: wants true or false. Write true or false (yes, no, on and off will do).",
        ),
        ("{while_paused: wait}", ".while_paused: wants one of side_run, queue. Write side_run or queue."),
        (
            "{require_for: ['helm ${WHAT}']}",
            ".require_for[0]: WHAT is not set. Export it, or write ${WHAT:-a default}.",
        ),
        ("{require_for: ['']}", ".require_for[0]: is too short. Write at least 1 characters."),
        ("{min_aprovers: 2}", '.min_aprovers: there is no such key. Did you mean "min_approvers"?'),
        (
            "{min_approvers: 2, minApprovers: 3}",
            ".min_approvers: minApprovers is the same key as min_approvers on line 11. Keep one of them.",
        ),
    ],
)
def test_what_is_wrong_with_approval_is_told(problems, base, added, said):
    assert problems(f"{base}  approval: {added}\n") == [f"daemon.yaml:11: spec.approval{said}"]


def test_an_approver_whose_variable_is_not_set_lets_nobody_in(loads, base):
    loaded = loads(base + "  approval: {allowed_users: ['${NOWHERE}']}\n")
    assert loaded.config.spec.approval.allowed_users == ()
    assert "spec.approval.allowed_users: NOWHERE is not set or empty, this entry lets nobody in" in "\n".join(
        map(str, loaded.warnings)
    )


def test_an_approver_of_a_platform_whose_variable_is_not_set_lets_nobody_in(whatsapp_config, base):
    added = "      approval_allowed_users: ['${NOWHERE}', '+49 30 901821']\n"
    assert whatsapp_config(base + added).approval_allowed_users == ("+4930901821",)


def test_a_platform_reads_only_until_it_is_told_otherwise(whatsapp_config, base):
    assert whatsapp_config(base).safety.read_only is True
    assert whatsapp_config(base).approval_allowed_users is None
    assert whatsapp_config(base + "      safety: {readOnly: no}\n").safety.read_only is False


def test_a_typo_in_the_safety_of_a_platform_is_known_for_what_was_meant(problems_of_whatsapp, base):
    assert problems_of_whatsapp(base + "      safety: {read_onli: no}\n") == [
        'daemon.yaml:11: spec.platforms.whatsapp.safety.read_onli: there is no such key. Did you mean "read_only"?'
    ]


@pytest.mark.parametrize(
    ("written", "classes"),
    [(False, set()), (True, set(Risk)), (["write", "delete"], {Risk.WRITE, Risk.DELETE}), ([], set())],
)
def test_who_asks_may_approve_the_classes_that_are_listed(written, classes):
    assert ApprovalConfig.model_validate({"allow_self_approval": written}).self_approval == classes


def test_in_place_of_redis_the_store_is_used_and_that_is_said(warnings, base):
    assert warnings(base + "  memory: {backend: Redis}\n") == [
        "daemon.yaml:11: spec.memory.backend: is not supported, the daemon's own store is used instead. Write sqlite."
    ]


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("runtime: {max_message_age_secs: -1}", "runtime.max_message_age_secs: is too small. Write 0 or more."),
        (
            "runtime: {max_message_age_secs: 604801}",
            "runtime.max_message_age_secs: is too large. Write 604800 or less.",
        ),
        (
            "runtime: {default_model: llama3}",
            (
                "runtime.default_model: does not say its provider. "
                "Write provider:model, such as anthropic:claude-sonnet-5-5."
            ),
        ),
        ("memory: {max_messages: 0}", "memory.max_messages: is too small. Write 1 or more."),
        ("memory: {ttl_minutes: 0}", "memory.ttl_minutes: is too small. Write 1 or more."),
    ],
)
def test_what_is_wrong_with_the_runtime_and_the_memory_is_told(problems, base, added, said):
    assert problems(f"{base}  {added}\n") == [f"daemon.yaml:11: spec.{said}"]
