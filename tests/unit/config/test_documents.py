"""What a file has to be before its keys count: readable, text, YAML, and one `DaemonConfig`."""

from pathlib import Path

import pytest

from aof.config.load import load
from aof.domain.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1: the file holds no DaemonConfig. Begin with kind: DaemonConfig."),
        ("# nothing\n---\n---\n", "1: the file holds no DaemonConfig. Begin with kind: DaemonConfig."),
        ("- a\n", "1: the document is not a mapping of keys. Begin with kind: DaemonConfig."),
        ("just words\n", "1: the document is not a mapping of keys. Begin with kind: DaemonConfig."),
        ("\nspec: {}\n", "2: kind: is missing. Write kind: DaemonConfig."),
        ("spec: {}\nkind:\n", "2: kind: is missing. Write kind: DaemonConfig."),
        ("spec: {}\nkind: daemonconfg\n", '2: kind: there is no kind daemonconfg. Did you mean "DaemonConfig"?'),
        ("kind: AgentFleet\nspec: {}\n", "1: kind: AgentFleet is not supported yet. Remove this document."),
        (
            "kind: Agent\nmetadata: {name: a}\nspec: {model: 'openai:gpt-4o'}\n",
            "1: the file holds no DaemonConfig. Begin with kind: DaemonConfig.",
        ),
        ("kind: Deployment\n", "1: kind: Deployment is not supported yet. Remove this document."),
        ("kind: [x]\n", "1: kind: this is not supported yet. Remove this document."),
        ("kind: DaemonConfig\n", "1: spec: is missing. Add it."),
        (
            "kind: DaemonConfig\nspec:\n",
            (
                "2: spec.platforms: is missing, and to find platforms in triggers (the list dialect of AOF) is "
                "not supported yet. Write platforms: and below it whatsapp."
            ),
        ),
        (
            "kind: DaemonConfig\nspec:\n  platforms: {}\n",
            "3: spec.platforms: names no platform. Write whatsapp: below.",
        ),
        ("kind: DaemonConfig\nspec:\n  platforms:\n", "3: spec.platforms: names no platform. Write whatsapp: below."),
        (
            "kind: DaemonConfig\nspec:\n  platforms: [whatsapp]\n",
            "3: spec.platforms: a list of platforms is not supported yet. Write whatsapp: below.",
        ),
        (
            "kind: DaemonConfig\nspec:\n  platforms: whatsapp\n",
            "3: spec.platforms: wants keys with values. Write key: value below.",
        ),
    ],
)
def test_a_file_without_a_usable_daemon_config_says_what_is_missing(problems, text, said):
    assert problems(text) == [f"daemon.yaml:{said}"]


@pytest.mark.parametrize("version", ["aof.dev/v2", "aof.agenticops.org/v1alpha1", "v1", "AOF.dev/v1"])
def test_other_versions_than_ours_are_refused(problems, base, version):
    assert problems(base.replace("aof.dev/v1", version)) == [
        "daemon.yaml:1: apiVersion: this is no version that aof reads. Write aof.dev/v1."
    ]


def test_two_daemon_configs_in_one_file_are_refused(problems, base):
    assert problems(f"{base}---\n{base}") == [
        (
            "daemon.yaml:13: kind: there is a DaemonConfig already, in the document of line 1. "
            "Keep one of them in this file."
        )
    ]


def test_every_other_document_of_the_file_is_refused_by_its_kind(problems, base):
    assert problems(f"kind: AgentFleet\n---\n{base}---\nkind: Secret\n") == [
        "daemon.yaml:1: kind: AgentFleet is not supported yet. Remove this document.",
        "daemon.yaml:14: kind: Secret is not supported yet. Remove this document.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c\n", "1: column 5: a second ': ' stands in one value. Quote a value that holds ': '."),
        (
            "kind: DaemonConfig\nspec:\n\tplatforms: {}\n",
            "3: column 1: a tab stands where YAML wants spaces. Indent with spaces.",
        ),
        (
            "a: *nowhere\n",
            "1: column 4: an alias has no anchor before it. Quote the value if it is text that begins with *.",
        ),
        ("a: &x 1\nb: &x 2\n", "2: column 4: an anchor is given twice. Give each &anchor its own name."),
        ("a: @x\n", "1: column 4: a value begins with a character that YAML keeps for itself. Quote the value."),
        ("a: 'x\n", "1: column 4: a quote is opened and not closed as YAML wants. Look for the quote that is missing."),
        ("a: 1\nb\nc: 2\n", "2: column 1: a line without ': ' stands among keys. Write key: value."),
        (
            "a: [1\nb: 2\n",
            "1: column 4: this is not YAML: expected ',' or ']', but got ':'. Look at the lines around it too.",
        ),
        ("a: " + "[" * 70 + "]" * 70, "1: column 67: values are nested deeper than 64 levels. Flatten them."),
    ],
)
def test_what_is_not_yaml_is_told_with_line_and_column(problems, text, said):
    assert problems(text) == [f"daemon.yaml:{said}"]


def test_a_later_document_that_is_not_yaml_does_not_hide_the_problems_before_it(problems, base):
    assert [line.split(": ")[0] for line in problems(base + "  port: 1\n---\na: b: c\n")] == [
        "daemon.yaml:11",
        "daemon.yaml:13",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"kind: DaemonConfig\nspec: caf\xe9\n", "2: the file is not UTF-8. Save it as UTF-8."),
        ("kind: DaemonConfig\n".encode("utf-16"), "1: the file is not UTF-8. Save it as UTF-8."),
        (b"kind: DaemonConfig\nspec:\n  a: \0\n", "3: a NUL stands in the file. Remove it."),
        (b"kind: \x07\n", "1: the control character U+0007 stands in the file. Remove it."),
    ],
)
def test_what_is_not_text_is_told_with_its_line(problems, text, said):
    assert problems(text) == [f"daemon.yaml:{said}"]


def test_a_byte_order_mark_does_no_harm(loads, base):
    assert loads(b"\xef\xbb\xbf" + base.encode()).config.spec.server.port == 8080


def test_a_file_that_is_too_long_is_not_read(problems):
    assert problems(b"#" * (1024 * 1024 + 1)) == [
        "daemon.yaml: the file is longer than 1048576 bytes. Is it the right one?"
    ]


def test_a_file_that_is_not_there_or_a_directory_is_told_without_a_traceback(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"none\.yaml: there is no such file\. Copy daemon\.yaml\.example"):
        load(tmp_path / "none.yaml", {}, {})
    with pytest.raises(ConfigError, match=r"the file can't be read: Is a directory\."):
        load(tmp_path, {}, {})
