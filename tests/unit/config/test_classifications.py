"""ToolClassification documents: what is read, and what is wrong."""

import pytest

from aof.domain.risk import Risk

HEAD = "kind: ToolClassification\nmetadata: {name: quay}\nspec:\n"
"""Three lines: what a test adds begins on line 4."""


def test_a_classification_holds_phrases_by_program_and_patterns(reads):
    files = reads(
        HEAD
        + "  tools:\n"
        + "    cranectl: {read: [list, position show], sensitive: [dump], write: [park],\n"
        + "      delete: [drop], dangerous: [-x]}\n"
        + "    tide.sh: {}\n"
        + "  genericPatterns: {read: ['^(peek|count)\\b'], dangerous: ['(^|\\s)--no-brake(\\s|$)', '\\b--force']}\n"
    )
    files.raise_errors()
    assert files.warnings == ()
    (found,) = files.classifications
    assert (found.name, found.file, found.line) == ("quay", "crew/a.yaml", 1)
    assert found.tools == {
        "cranectl": {
            Risk.READ: ("list", "position show"),
            Risk.SENSITIVE: ("dump",),
            Risk.WRITE: ("park",),
            Risk.DELETE: ("drop",),
            Risk.DANGEROUS: ("-x",),
        },
        "tide.sh": {},
    }
    assert found.patterns == {
        Risk.READ: (r"^(peek|count)\b",),
        Risk.DANGEROUS: (r"(^|\s)--no-brake(\s|$)", r"\b--force"),
    }


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ("tools: {c: {reed: [x]}}", 'tools.c.reed: there is no such key. Did you mean "read"?'),
        ("tools: {c: {read: get}}", "tools.c.read: wants a list. Write [first, second]."),
        (
            "tools: {c: {read: ['get*']}}",
            "tools.c.read[0]: holds a *, which stands for nothing here. Write whole words, get stands for get-… too.",
        ),
        ("tools: {c: {read: ['']}}", "tools.c.read[0]: is too short. Write at least 1 characters."),
        (
            "tools: {c: {delete: ['${X}']}}",
            "tools.c.delete[0]: X is not set. Export it, or write ${X:-a default}.",
        ),
        (
            "tools: {bin/c: {}}",
            "tools.bin/c: is not written as it has to be. It has to match ^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$",
        ),
        (
            "generic_patterns: {write: ['(']}",
            "generic_patterns.write[0]: is no regular expression (missing ) at position 1). Mend it.",
        ),
        (
            "generic_patterns: {write: ['\\p{L}']}",
            "generic_patterns.write[0]: is no regular expression (bad escape \\p at position 0). Mend it.",
        ),
        (
            "generic_patterns: {write: ['a ${X}']}",
            "generic_patterns.write[0]: X is not set. Export it, or write ${X:-a default}.",
        ),
        (
            "tools: {}\n  tools: {}",
            "tools: is given twice, first on line 4. Keep one of them.",
        ),
    ],
)
def test_what_is_wrong_with_a_classification_is_told(problems_beside, added, said):
    line = 4 + added.count("\n")
    assert problems_beside(f"{HEAD}  {added}\n") == [f"crew/a.yaml:{line}: spec.{said}"]


def test_a_phrase_in_two_classes_is_a_warning(reads):
    files = reads(
        HEAD + "  tools:\n    c:\n      read: [look  up]\n      delete: [look up]\n      write: [look up, x]\n"
    )
    files.raise_errors()
    assert [str(warning) for warning in files.warnings] == [
        (
            "crew/a.yaml:7: spec.tools.c.delete: look up is in read and write and delete, and counts as delete. "
            "Keep one of them."
        )
    ]


def test_a_classification_without_a_spec_says_nothing(problems_beside):
    assert problems_beside("kind: ToolClassification\nmetadata: {name: quay}\n") == [
        "crew/a.yaml:1: spec: is missing. Add it."
    ]
