"""`aof simulate --check` and the command's own refusals."""

import asyncio
import json
import os
import signal
import socket
import sys

import aiohttp
import pytest
import typer
from typer.testing import CliRunner

from aof.cli.simulate import simulate
from aof.simulator.check import check_file
from tests.unit.simulator.bodies import buttons, message

BUTTON_TITLE = "(#131009) Parameter value is not valid: Button title length invalid. Min length: 1, Max length: 20"

app = typer.Typer()
app.command()(simulate)


@pytest.fixture
def written(tmp_path):
    """Writes a body to a file."""

    def write(body, name="body.json"):
        path = tmp_path / name
        path.write_bytes(body if isinstance(body, bytes) else json.dumps(body).encode())
        return path

    return write


def test_all_published_samples_are_taken(whatsapp_samples):
    files = sorted((whatsapp_samples / "sends").glob("*.json"))
    assert len(files) == 83
    result = CliRunner().invoke(app, ["--check", *map(str, files)])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert len(lines) == 83
    assert sum(line.endswith("ok (placeholder in to replaced)") for line in lines) == 3
    assert sum(line.endswith(": ok") for line in lines) == 80


def test_a_body_commands_no_terminal(written):
    path = written(message("text", {"body": "x", "\x1b]0;owned\x07": 1}), "hostile.json")
    shown = CliRunner().invoke(app, ["--check", str(path)]).stdout
    assert r"\x1b]0;owned\x07" in shown
    assert "\x1b" not in shown


def test_a_body_that_meta_refuses_is_named_with_the_details_and_ends_with_1(written):
    fine, wrong = written(message("text", {"body": "x"}), "fine.json"), written(buttons("x" * 21), "wrong.json")
    result = CliRunner().invoke(app, ["--check", str(wrong), str(fine)])
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{wrong}: refused: {BUTTON_TITLE}",
        f"{fine}: ok",
    ]


@pytest.mark.parametrize(
    ("to", "replaced"),
    [
        ("{{Recipient-WA-Phone-Number}}", True),
        ("<WHATSAPP_USER_PHONE_NUMBER>", True),
        ("PHONE_NUMBER", True),
        ("91xxxxxxxxxx", True),
        ("+16505551234", False),
    ],
)
def test_a_placeholder_in_to_is_replaced_and_said_so(written, to, replaced):
    verdict = check_file(written(message("text", {"body": "x"}, to)))
    assert verdict.ok
    assert verdict.words == ("ok (placeholder in to replaced)" if replaced else "ok")


def test_what_is_no_placeholder_is_refused(written):
    verdict = check_file(written(message("text", {"body": "x"}, "call me")))
    assert (
        verdict.words
        == "refused: (#131009) Parameter value is not valid: Recipient is not a valid phone number or group id."
    )


@pytest.mark.parametrize("raw", [b"{", b"", b"\xff", b"[" * 100_000])
def test_a_file_that_is_no_json_is_one_clear_line(written, raw):
    verdict = check_file(written(raw))
    assert not verdict.ok
    assert "not JSON: " in verdict.line()


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path):
    assert check_file(tmp_path / "none.json").line() == f"{tmp_path / 'none.json'}: not read: No such file or directory"


def test_several_problems_are_counted(written):
    assert check_file(written(buttons("x" * 21, "y" * 21))).words.endswith("Max length: 20 (and 1 more)")


def test_utf16_counts_emoji_twice(written):
    path = written(buttons("🌵" * 11))
    assert CliRunner().invoke(app, ["--check", str(path)]).exit_code == 0
    assert CliRunner().invoke(app, ["--check", "--utf16", str(path)]).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--check"], "--check needs at least one FILE"),
        (["body.json"], "needs --check"),
        (["--host", "192.0.2.1"], "not a loopback address"),
        (["--host", "example.org"], "not a loopback address"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_refused(arguments, words):
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 2
    assert words in result.output


def test_a_port_in_use_is_one_clear_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(app, ["--port", str(port)])
    assert result.exit_code == 1
    assert result.output == f"aof: port {port} is taken. Choose another with --port, or 0 for a free one.\n"


async def test_the_command_serves_until_it_is_told_to_stop():
    environ = {name: value for name, value in os.environ.items() if not name.startswith("WHATSAPP_")}
    command = "import typer; from aof.cli.simulate import simulate; typer.run(simulate)"
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        command,
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
        env={**environ, "PYTHONUNBUFFERED": "1", "WHATSAPP_ACCESS_TOKEN": "real"},
    )
    lines = []
    while (line := (await running.stdout.readline()).decode()) != "Ctrl-C stops it.\n":
        assert line, lines
        lines.append(line)
    assert "             WHATSAPP_APP_SECRET=simulated-app-secret\n" in lines
    assert "             WHATSAPP_ACCESS_TOKEN=(as given)\n" in lines
    [address] = [line.split()[-1] for line in lines if line.startswith("Control API")]
    async with aiohttp.ClientSession() as http, http.get(address) as response:
        assert [phone["name"] for phone in (await response.json())["phones"]] == ["On call", "Lead"]
    running.send_signal(signal.SIGTERM)
    await running.communicate()
    assert running.returncode == 0
