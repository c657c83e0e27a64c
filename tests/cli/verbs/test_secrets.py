"""`windsock secrets`: a client comes in by stdin or by hand, and shows nowhere."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cli.command_line.parser import UsageRefusal
from cli.terminal.screen import Screen
from cli.verbs.secrets import read_client, use_of
from tests.cli.conftest import account_answer
from tests.cli.pseudo_terminal import CONTROL_C, CONTROL_D, Terminal, at_terminal
from tests.cli.shell import Windsock
from tests.life.kept import WINDSOCK
from tests.spec.minimal import GOOGLE, PYTHON, TEXT, minimal

EMPTY = '{"client_id": "", "client_secret": "", "placeholder": "x"}'


@pytest.fixture
def vault(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Run an AWS on loopback with secrets by name and value, and write a YAML with Google logins."""
    (checkout / "env.yaml").write_text(TEXT + GOOGLE)
    held = {"demo/oauth": EMPTY}

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer, status = account_answer(), 200
            if target := self.headers.get("X-Amz-Target", ""):
                request = json.loads(body)
                if target.endswith("PutSecretValue"):
                    held[request["SecretId"]] = request["SecretString"]
                there = request["SecretId"] in held
                secret = {"SecretString": held.get(request["SecretId"]), "VersionId": "v1"}
                answer = json.dumps(secret if there else {"__type": "ResourceNotFoundException"}).encode()
                status = 200 if there else 400
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as desk:
        threading.Thread(target=desk.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{desk.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
        yield held
        desk.shutdown()


def _prompted(checkout: Path) -> Terminal:
    terminal = at_terminal([WINDSOCK, "secrets", "set", "env.yaml", "oauth"], checkout)
    terminal.wait_for("Client id: ")
    return terminal


def _piped(text: str) -> Screen:
    return Screen(out=io.StringIO(), err=io.StringIO(), answers=io.StringIO(text), colour=False, live=False)


@pytest.mark.parametrize(
    "text",
    [
        "an-id\na-secret\n",
        '{"client_id": "an-id", "client_secret": "a-secret"}',
        '{\n "web": {"client_id": "an-id",\n "client_secret": "a-secret", "redirect_uris": []}}\n',
    ],
)
def test_a_client_is_read_from_lines_or_json(text: str) -> None:
    """Two lines, or the JSON that providers offer for download."""
    client = read_client(_piped(text))
    assert (client.client_id, client.client_secret) == ("an-id", "a-secret")
    assert "a-secret" not in repr(client)


@pytest.mark.parametrize(
    "text", ["", "an-id\n", "\n\n", "{", '{"web": []}', '{"installed": {"client_id": "a-secret"}}']
)
def test_any_other_input_is_refused_and_not_quoted(text: str) -> None:
    """Anything else is refused, and not quoted."""
    with pytest.raises(UsageRefusal, match="no OAuth client") as caught:
        read_client(_piped(text))
    assert "a-secret" not in f"{caught.value}{caught.value.__cause__}"


def test_an_unknown_action_is_refused(windsock: Windsock) -> None:
    """Before any call to AWS."""
    ran = windsock("secrets", "get", "env.yaml", "oauth")
    assert ran.code == 2
    assert "set" in ran.err


@pytest.mark.parametrize("words", [("list", "env.yaml", "token"), ("set", "env.yaml"), ("rm", "env.yaml")])
def test_a_name_belongs_to_set_and_rm_alone(windsock: Windsock, words: tuple[str, ...]) -> None:
    """Before any call to AWS."""
    ran = windsock("secrets", *words)
    assert ran.code == 2
    assert "name" in ran.err


def test_a_terminal_asks_without_showing_the_secret(vault: dict[str, str], checkout: Path) -> None:
    """At a terminal: the redirect URI is shown, the secret is not, and it is in nothing that others can read."""
    terminal = _prompted(checkout)
    assert "https://airflow.example.com/oauth-authorized/google" in terminal.shown
    terminal.type("an-id\n")
    terminal.wait_for("Client secret: ")
    terminal.type("a-secret")
    known = terminal.known_to_all()
    terminal.type("\n")
    terminal.wait_for("Stored.")

    assert terminal.end() == 0
    assert json.loads(vault["demo/oauth"]) == {"client_id": "an-id", "client_secret": "a-secret"}
    assert "an-id" in terminal.shown
    assert "a-secret" not in terminal.shown
    assert b"secrets\0set" in known
    assert b"a-secret" not in known


def test_a_program_reads_what_was_stored(
    windsock: Windsock, vault: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name, and never its value."""
    monkeypatch.setattr("sys.stdin", io.StringIO("an-id\na-secret\n"))
    ran = windsock("secrets", "set", "env.yaml", "oauth", "--events")
    assert json.loads(ran.out) == {"event": "result", "environment": "demo", "stored": "oauth"}
    assert "a-secret" not in ran.out + ran.err
    assert json.loads(vault["demo/oauth"])["client_secret"] == "a-secret"


@pytest.mark.parametrize("first", ["", "an-id\n"])
def test_an_interrupt_stores_nothing(vault: dict[str, str], checkout: Path, first: str) -> None:
    """Ctrl-C at either question ends with 130 and one sentence; the secret is what it was."""
    terminal = _prompted(checkout)
    terminal.type(first)
    terminal.wait_for("Client secret: " if first else "Client id: ")
    terminal.type(CONTROL_C)

    assert terminal.end() == 130
    assert "Interrupted. Nothing was stored." in terminal.shown
    assert "Traceback" not in terminal.shown
    assert vault == {"demo/oauth": EMPTY}


@pytest.mark.parametrize("secret", ["\n", CONTROL_D])
def test_no_answer_stores_nothing(vault: dict[str, str], checkout: Path, secret: str) -> None:
    """An empty secret, or Ctrl-D in its place, is refused like anything else that is no client."""
    terminal = _prompted(checkout)
    terminal.type("an-id\n")
    terminal.wait_for("Client secret: ")
    terminal.type(secret)

    assert terminal.end() == 2
    assert "That is no OAuth client." in terminal.shown
    assert vault == {"demo/oauth": EMPTY}


def test_a_missing_secret_is_refused_before_the_question(vault: dict[str, str], checkout: Path) -> None:
    """Where there is no secret to fill yet, that is said before anything is typed."""
    vault.clear()
    terminal = at_terminal([WINDSOCK, "secrets", "set", "env.yaml", "oauth"], checkout)
    assert terminal.end() == 2
    assert "There is no secret demo/oauth" in terminal.shown
    assert "Client id" not in terminal.shown


def test_a_stored_secret_says_who_has_it_from_when_on() -> None:
    """Containers that start, or the first deploy with a dump; or nobody yet."""
    env = minimal(
        PYTHON,
        f"{PYTHON}, secrets: {{TOKEN: {{secret: demo/token}}}}",
        more='database: {version: "15", restore_from: {dump: a.sql, fernet_key: demo/fernet-key}}\n',
    )
    assert use_of(env, "demo/fernet-key", "env.yaml").endswith("takes it over with the dump.")
    assert "TOKEN has it" in use_of(env, "demo/token", "env.yaml")
    assert "does not name it yet" in use_of(env, "demo/other", "env.yaml")
