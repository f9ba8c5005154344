"""Runbook documents: what is read, which inputs are taken, and what is wrong."""

import pytest

from aof.config.runbook import RunbookFile, RunbookInput, filled, phrase_key, placeholders
from aof.texts.language import Language

HEAD = "kind: Runbook\nmetadata: {name: look}\nspec:\n  steps: [{id: a, run: [kubectl, get, pods]}]\n"
"""Four lines: what a test adds begins on line 5."""

WHOLE = """\
kind: Runbook
metadata: {name: restart-api, description: Restarts the API}
spec:
  phrases: {en: [restart the api, Bounce  API], ar: [أعد تشغيل الواجهة]}
  inputs:
    namespace: {pattern: "^[a-z0-9-]{1,63}$", default: prod}
    replicas: {type: integer, min: 1, max: 5, description: How many}
    where: {type: choice, choices: [east, west]}
  context: staging
  steps:
    - {id: before, run: [kubectl, -n, "{namespace}", get, deploy, api, -o, wide]}
    - id: restart
      say: Restarting in {namespace}.
      run: [kubectl, -n, "{namespace}", rollout, restart, deploy/api]
      undo: [kubectl, -n, "{namespace}", rollout, undo, deploy/api]
      dryRun: [kubectl, -n, "{namespace}", rollout, restart, deploy/api, --dry-run=server]
      on_failure: continue
    - {id: check, run: [kubectl, wait, "--for=jsonpath={.status}"], expect: {exit: 1, contains: ok}, timeout: 2m}
  response: "{replicas} run in {where}."
  actions: [{title: Again, runbook: restart-api}, {title: Pods, text: "pods in {namespace}"}]
"""


def _read(reads, text: str, **environ: str) -> RunbookFile:
    files = reads(text, environ=environ)
    files.raise_errors()
    assert files.warnings == ()
    (runbook,) = files.runbooks
    return runbook


def test_a_runbook_holds_its_phrases_inputs_and_steps(reads):
    runbook = _read(reads, WHOLE)
    spec = runbook.spec
    assert (runbook.name, runbook.description) == ("restart-api", "Restarts the API")
    assert (runbook.file, runbook.line) == ("crew/a.yaml", 1)
    assert spec.phrases.by_language == {
        Language.ENGLISH: ("restart the api", "Bounce  API"),
        Language.ARABIC: ("أعد تشغيل الواجهة",),
    }
    namespace, replicas, where = spec.inputs.values()
    assert (namespace.type, namespace.required, namespace.default) == ("string", False, "prod")
    assert (replicas.type, replicas.required, replicas.min, replicas.max) == ("integer", True, 1, 5)
    assert (where.choices, where.required, replicas.description) == (("east", "west"), True, "How many")
    before, restart, check = spec.steps
    assert before.run == ("kubectl", "-n", "{namespace}", "get", "deploy", "api", "-o", "wide")
    assert (before.undo, before.dry_run, before.timeout, before.on_failure) == (None, None, 60, "stop")
    assert (before.expect.exit, before.expect.contains, before.say) == (0, None, "")
    assert restart.undo == ("kubectl", "-n", "{namespace}", "rollout", "undo", "deploy/api")
    assert restart.dry_run == (*restart.run, "--dry-run=server")
    assert (restart.on_failure, restart.say) == ("continue", "Restarting in {namespace}.")
    assert (check.timeout, check.expect.exit, check.expect.contains) == (120, 1, "ok")
    assert (spec.context, spec.response) == ("staging", "{replicas} run in {where}.")
    assert [(action.title, action.runbook, action.text) for action in spec.actions] == [
        ("Again", "restart-api", None),
        ("Pods", None, "pods in {namespace}"),
    ]


def test_variables_are_replaced_and_not_looked_at_again(reads):
    runbook = _read(reads, HEAD.replace("pods", '"${WHAT}"'), WHAT="{namespace")
    assert runbook.spec.steps[0].run == ("kubectl", "get", "{namespace")


def test_the_digest_of_a_runbook_changes_with_what_it_says(reads):
    first = _read(reads, HEAD).digest
    assert _read(reads, "# a comment\n" + HEAD).digest == first
    assert _read(reads, HEAD.replace("pods", "nodes")).digest != first


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{a}", ["a"]),
        ("--for={a}/{b-c}", ["a", "b-c"]),
        ("jsonpath={.items[*].x}", []),
        ("{{range}}", []),
        ("{ a }", []),
        ("{}", []),
        ("{a}}", []),
    ],
)
def test_only_a_name_in_braces_is_an_input(text, names):
    assert list(placeholders(text)) == names


def test_what_an_input_holds_is_never_looked_at_again():
    assert filled("{a} {b} {.x}", {"a": "{b}", "b": "2"}) == "{b} 2 {.x}"


def test_phrases_are_one_whatever_their_case_and_blanks():
    assert phrase_key(" Restart \t the API ") == phrase_key("restart the api")


@pytest.mark.parametrize(
    ("given", "value", "taken"),
    [
        ({}, "api-1.example:8080", True),
        ({}, " api ", True),
        ({}, "-f", False),
        ({}, "--all", False),
        ({}, "a b", False),
        ({}, "a;b", False),
        ({}, "", False),
        ({}, "a" * 128, True),
        ({}, "a" * 129, False),
        ({"pattern": "[a-z]+"}, "abc", True),
        ({"pattern": "[a-z]+"}, "abc1", False),
        ({"pattern": ".*"}, "-rf", False),
        ({"pattern": "(?s).*"}, "a\x00b", False),
        ({"pattern": "(?s).*"}, "a\nb", False),
        ({"type": "integer"}, "0", True),
        ({"type": "integer"}, "-1", False),
        ({"type": "integer"}, "1.5", False),
        ({"type": "integer", "min": 2, "max": 3}, "2", True),
        ({"type": "integer", "min": 2, "max": 3}, "3", True),
        ({"type": "integer", "min": 2, "max": 3}, "1", False),
        ({"type": "integer", "min": 2, "max": 3}, "4", False),
        ({"type": "choice", "choices": ("a", "b")}, "b", True),
        ({"type": "choice", "choices": ("a", "b")}, "c", False),
    ],
)
def test_an_input_takes_what_it_says_and_nothing_else(given, value, taken):
    one = RunbookInput.model_validate(given)
    if taken:
        assert one.checked(value) == value.strip()
    else:
        with pytest.raises(ValueError, match=r"^(is|does|begins|holds) "):
            one.checked(value)


def test_a_pattern_that_takes_too_long_takes_nothing(monkeypatch):
    monkeypatch.setattr("aof.config.runbook._LONGEST_SEARCH_SECONDS", 0.01)
    with pytest.raises(ValueError, match="does not match its pattern"):
        RunbookInput.model_validate({"pattern": "(x|xx)+(y|yy)+(a|aa)+$"}).checked(
            "x" * 200 + "y" * 200 + "a" * 200 + "b"
        )


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("phrase: {}", 'phrase: there is no such key. Did you mean "phrases"?'),
        ("phrases: {de: [x]}", "phrases.de: there is no such key. Known here: ar, en."),
        ("phrases: {en: [a]}", "phrases.en[0]: is too short. Write at least 2 characters."),
        (
            "phrases: {en: [go on, Go  On]}",
            "phrases: two phrases are one, go on. Keep one of them.",
        ),
        (
            "inputs: {a: {choices: [x]}}",
            "inputs.a: an input of type string takes no choices. Remove it, or write another type.",
        ),
        (
            "inputs: {a: {type: integer, pattern: x}}",
            "inputs.a: an input of type integer takes no pattern. Remove it, or write another type.",
        ),
        (
            "inputs: {a: {type: choice}}",
            "inputs.a: an input of type choice has no choices. Write choices: [first, second].",
        ),
        (
            "inputs: {a: {type: integer, min: 2, max: 1}}",
            "inputs.a: min is larger than max. Write them the other way round.",
        ),
        (
            "inputs: {a: {type: integer, max: 1, default: 2}}",
            "inputs.a: its default is more than 1. Write another one.",
        ),
        (
            "inputs: {a: {default: --all}}",
            "inputs.a: its default begins with -, which a program would take for an option. Write another one.",
        ),
        (
            "inputs: {a: {type: numbr}}",
            ("inputs.a.type: wants one of string, integer, choice. Write string or integer or choice."),
        ),
        ("inputs: {a: {pattern: '('}}", None),
        ("inputs: {1a: {}}", None),
        ("response: '{x}'", "response: there is no input x. Add it under spec.inputs."),
        (
            "inputs: {name: {}}\n  actions: [{title: T, text: '{nme}'}]",
            'actions[0].text: there is no input nme. Did you mean "{name}"?',
        ),
        (
            "actions: [{title: T}]",
            "actions[0]: does one thing. Write runbook: and its name, or text: and what is sent.",
        ),
        (
            "actions: [{title: T, text: x, runbook: look}]",
            "actions[0]: does one thing. Write runbook: and its name, or text: and what is sent.",
        ),
        (f"actions: [{{title: {'x' * 25}, text: x}}]", "actions[0].title: is too long. Write at most 24 characters."),
    ],
)
def test_what_is_wrong_with_a_runbook_is_told(problems_beside, added, said):
    told = problems_beside(f"{HEAD}  {added}\n")
    assert len(told) == 1
    line = 4 + added.count("\n") + 1
    assert said is None or told == [f"crew/a.yaml:{line}: spec.{said}"]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("{run: [ls]}", "steps[0].id: is missing. Add it."),
        ("{id: a}", "steps[0].run: is missing. Add it."),
        (
            "{id: a, run: []}",
            "steps[0].run: does not begin with the bare name of a program. Write for example [kubectl, get, pods].",
        ),
        ("{id: a, run: kubectl get pods}", "steps[0].run: wants a list. Write [first, second]."),
        (
            "{id: a, run: [/bin/ls]}",
            "steps[0].run: does not begin with the bare name of a program. Write for example [kubectl, get, pods].",
        ),
        (
            "{id: a, run: [ls], undo: ['a b'], dry_run: ['-x']}",
            None,
        ),
        ("{id: a, run: [ls, '${X}']}", "steps[0].run[1]: X is not set. Export it, or write ${X:-a default}."),
        ('{id: a, run: [ls, "a\\nb"]}', "steps[0].run[1]: holds a control character. Remove it."),
        ("{id: a, run: [ls, '{x}']}", "steps[0].run[1]: there is no input x. Add it under spec.inputs."),
        ("{id: a, run: [ls], say: '{x}'}", "steps[0].say: there is no input x. Add it under spec.inputs."),
        (
            "{id: a b, run: [ls]}",
            "steps[0].id: is not written as it has to be. It has to match ^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
        ),
        (
            "{id: a, run: [ls], timeout: soon}",
            ("steps[0].timeout: is no length of time. Write a number and ms, s, m, h or d, such as 30s."),
        ),
        ("{id: a, run: [ls], timeout: 0}", "steps[0].timeout: is too small. Write more than 0."),
        ("{id: a, run: [ls], timeout: 61m}", "steps[0].timeout: is too large. Write 3600 or less."),
        ("{id: a, run: [ls], expect: {exit: 256}}", "steps[0].expect.exit: is too large. Write 255 or less."),
        (
            "{id: a, run: [ls], on_failure: go}",
            "steps[0].on_failure: wants one of stop, continue. Write stop or continue.",
        ),
        (
            "{id: a, run: [ls]}, {id: a, run: [ls]}",
            "steps: two steps are called a. Give one of them another id.",
        ),
    ],
)
def test_what_is_wrong_with_a_step_is_told(problems_beside, step, said):
    told = problems_beside(f"kind: Runbook\nmetadata: {{name: look}}\nspec:\n  steps: [{step}]\n")
    if said:
        assert f"crew/a.yaml:4: spec.{said}" in told
    assert len(told) == (1 if said else 2)


def test_a_runbook_without_steps_is_none(problems_beside):
    assert problems_beside("kind: Runbook\nmetadata: {name: look}\nspec: {steps: []}\n") == [
        "crew/a.yaml:3: spec.steps: does nothing. Write a step: {id: look, run: [kubectl, get, pods]}."
    ]
