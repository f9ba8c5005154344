"""What one file names and another has to hold: contexts, their agents, runbooks, and who approves."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from aof.daemon import Assembly, read
from aof.domain.errors import ConfigError

MAIN = """\
kind: DaemonConfig
spec:
  contexts: {directory: places}
  people: [{name: Amina, roles: [on-call], whatsapp: "+49 30 901820"}, {name: Jonas}]
  platforms:
    whatsapp:
      phone_number_id_env: ID
      access_token_env: TOKEN
      verify_token_env: WORD
      app_secret_env: SECRET
"""
"""Ten lines: what a test adds begins on line 11, within the platform."""
ENVIRON = {"ID": "106540352242922", "TOKEN": "planted-token", "WORD": "planted-word", "SECRET": "planted-secret"}
STAGING = "kind: Context\nmetadata: {name: staging}\nspec:\n  namespace: staging\n"
"""Four lines: what a test adds begins on line 5."""

Assembles = Callable[..., Assembly]
Told = Callable[..., list[str]]


@pytest.fixture
def assembles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assembles:
    """Assembles a main file with what is added to it, beside texts in one directory."""
    monkeypatch.chdir(tmp_path)

    def assembles(added: str = "", *texts: str, environ: Mapping[str, str] = ENVIRON) -> Assembly:
        Path("places").mkdir(exist_ok=True)
        for name, text in zip("abcdefgh", texts, strict=False):
            Path(f"places/{name}.yaml").write_text(text, encoding="utf-8")
        Path("daemon.yaml").write_text(MAIN + added, encoding="utf-8")
        return read(Path("daemon.yaml"), environ)

    return assembles


@pytest.fixture
def problems(assembles: Assembles) -> Told:
    def problems(added: str = "", *texts: str) -> list[str]:
        with pytest.raises(ConfigError) as refused:
            assembles(added, *texts)
        return str(refused.value).splitlines()

    return problems


def test_an_assembly_holds_the_contexts_of_the_files_by_name(assembles: Assembles) -> None:
    north = STAGING.replace("staging", "north")
    assembly = assembles("  runtime: {default_context: north}\n", f"{STAGING}---\n{north}")
    assert [(name, one.namespace, one.line) for name, one in assembly.contexts.items()] == [
        ("north", "north", 6),
        ("staging", "staging", 1),
    ]
    assert assembly.warnings == ()


@pytest.mark.parametrize(
    ("added", "texts", "said"),
    [
        (
            "  runtime: {default_context: stagin}\n",
            [STAGING],
            'daemon.yaml:11: spec.runtime.default_context: there is no context stagin. Did you mean "staging"?',
        ),
        (
            "  runtime: {default_context: north}\n",
            [STAGING],
            "daemon.yaml:11: spec.runtime.default_context: there is no context north. Write staging.",
        ),
        (
            "  runtime: {default_context: north}\n",
            [f"{STAGING}---\n{STAGING.replace('staging', 'east')}"],
            "daemon.yaml:11: spec.runtime.default_context: there is no context north. Write one of east, staging.",
        ),
        (
            "  runtime: {default_context: north}\n",
            [],
            (
                "daemon.yaml:11: spec.runtime.default_context: there is no context north. "
                "Write its file into the directory of spec.contexts."
            ),
        ),
        (
            "",
            [STAGING, STAGING],
            (
                "places/b.yaml:1: metadata.name: there is a context staging already, in places/a.yaml:1. "
                "Give one of them another name."
            ),
        ),
        (
            "",
            [STAGING + "  agent: {ref: runbok}\n"],
            'places/a.yaml:5: spec.agent.ref: there is no agent runbok. Did you mean "runbook"?',
        ),
        (
            "  approval:\n    allowed_users: [Amina, '@on-cal']\n",
            [],
            (
                "daemon.yaml:12: spec.approval.allowed_users[1]: nobody of spec.people has the role on-cal. "
                'Did you mean "@on-call"?'
            ),
        ),
        (
            "      approval_allowed_users: ['@sre']\n",
            [],
            (
                "daemon.yaml:11: spec.platforms.whatsapp.approval_allowed_users[0]: "
                "nobody of spec.people has the role sre. Give it to somebody under spec.people."
            ),
        ),
        (
            "",
            [STAGING + "  approval: {allowed_users: [Amena]}\n"],
            (
                "places/a.yaml:5: spec.approval.allowed_users[0]: nobody of spec.people is called Amena. "
                'Did you mean "Amina"?'
            ),
        ),
        (
            "",
            [STAGING + "  approval_allowed_users: [Zoe]\n"],
            (
                "places/a.yaml:5: spec.approval_allowed_users[0]: nobody of spec.people is called Zoe. "
                "Write a name of spec.people, @role, or a number."
            ),
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_told_where_it_stands(
    problems: Told, added: str, texts: list[str], said: str
) -> None:
    assert problems(added, *texts) == [said]


def test_a_context_that_can_not_be_read_is_not_said_to_be_missing_for_good(problems: Told) -> None:
    told = problems("  runtime: {default_context: north}\n", "kind: Context\nmetadata: {name: [north]}\n")
    assert told == [
        (
            "daemon.yaml:11: spec.runtime.default_context: there is no context north in what could be read. "
            "Mend the files of contexts first."
        ),
        "places/a.yaml:2: metadata.name: wants one text. Write one value, not a list or a mapping.",
    ]


RUNBOOK = "kind: Runbook\nmetadata: {name: look}\nspec:\n  steps: [{id: a, run: [kubectl, get, pods]}]\n"
"""Four lines: what a test adds begins on line 5."""


def test_an_assembly_holds_the_runbooks_of_the_files_by_name(assembles: Assembles) -> None:
    more = RUNBOOK.replace("look", "again") + "  context: staging\n  actions: [{title: Look, runbook: look}]\n"
    assembly = assembles("", f"{RUNBOOK}---\n{more}---\n{STAGING}")
    assert list(assembly.runbooks) == ["again", "look"]
    assert assembly.warnings == ()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            [RUNBOOK + "  context: stagin\n", STAGING],
            'places/a.yaml:5: spec.context: there is no context stagin. Did you mean "staging"?',
        ),
        (
            [RUNBOOK + "  actions: [{title: T, text: x}, {title: U, runbook: lok}]\n"],
            'places/a.yaml:5: spec.actions[1].runbook: there is no runbook lok. Did you mean "look"?',
        ),
        (
            [RUNBOOK, RUNBOOK],
            (
                "places/b.yaml:1: metadata.name: there is a runbook look already, in places/a.yaml:1. "
                "Give one of them another name."
            ),
        ),
        (
            [
                RUNBOOK + "  phrases: {en: [show the pods]}\n",
                RUNBOOK.replace("look", "other") + "  phrases: {ar: [Show  the pods]}\n",
            ],
            (
                "places/b.yaml:1: spec.phrases.ar: Show the pods already starts look, in places/a.yaml:1. "
                "Give it to one of them."
            ),
        ),
    ],
)
def test_what_runbooks_share_or_name_is_told(problems: Told, texts: list[str], said: str) -> None:
    assert problems("", *texts) == [said]


@pytest.mark.parametrize("entry", ["'@on-call'", "'@Jonas'", "Jonas", "'*'", "'+49 30 901829'", "US.1349"])
def test_an_approver_who_can_be_found_is_taken(assembles: Assembles, entry: str) -> None:
    assert assembles(f"  approval: {{allowed_users: [{entry}]}}\n").warnings == ()


def test_an_approver_of_a_platform_that_is_not_there_is_a_warning(assembles: Assembles) -> None:
    assembly = assembles("  approval: {allowed_users: ['telegram:55501', 'whatsapp:+49 30 901820']}\n")
    assert [str(warning) for warning in assembly.warnings] == [
        (
            "daemon.yaml:11: spec.approval.allowed_users[0]: telegram is not configured, so this one can't approve. "
            "Write it under spec.platforms of daemon.yaml, or remove the entry."
        )
    ]


CLASSES = "kind: ToolClassification\nmetadata: {name: quay}\nspec: {tools: {cranectl: {read: [list]}}}\n"


def test_an_assembly_holds_the_classifications_in_the_order_of_their_names(assembles: Assembles) -> None:
    assembly = assembles("", CLASSES, CLASSES.replace("quay", "pier"))
    assert [one.name for one in assembly.classifications] == ["pier", "quay"]


def test_two_classifications_of_one_name_are_told_with_both_files(problems: Told) -> None:
    assert problems("", CLASSES, CLASSES) == [
        (
            "places/b.yaml:1: metadata.name: there is a classification quay already, in places/a.yaml:1. "
            "Give one of them another name."
        )
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            RUNBOOK + "  phrases:\n    en:\n      - look around\n      - Disk\n",
            "places/a.yaml:8: spec.phrases.en: Disk is answered by what is built in. Write other words.",
        ),
        (
            RUNBOOK.replace("look", "disk"),
            "places/a.yaml:2: metadata.name: disk is answered by what is built in. Write other words.",
        ),
    ],
)
def test_a_phrase_that_is_answered_without_the_runbook_is_told_by_its_line(
    problems: Told, text: str, said: str
) -> None:
    assert problems("", text) == [said]
