"""A rehearsal has a value for every secret that its YAML names, or says which it lacks."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from acceptance.seed.files import Seed
from acceptance.seed.stock import SeedRefusal, Stock, empty, fill, stock, stock_of
from spec.errors import Refusal
from tests.spec.minimal import PYTHON, minimal

if TYPE_CHECKING:
    from deployer.aws.session import Session

NEEDS = (
    "secrets: {USER: {secret: demo/db, key: user}, PASSWORD: {secret: demo/db, key: password}, "
    "TOKEN: {parameter: /demo/token}}, connections: {lake: {secret: demo/lake}}"
)


def test_secrets_are_made_of_the_values_of_their_variables() -> None:
    """Keys of one secret are put together."""
    env = minimal(PYTHON, f"{PYTHON}, {NEEDS}")
    seed = Seed(env={"USER": "u", "PASSWORD": "p", "TOKEN": "t"}, connections={"lake": "aws://"})
    assert stock(env, seed) == Stock(
        secrets={"demo/db": '{"user": "u", "password": "p"}', "demo/lake": "aws://"}, parameters={"/demo/token": "t"}
    )


def test_every_missing_value_is_named_with_its_secret() -> None:
    """And a line that brings one; no value is quoted."""
    env = minimal(PYTHON, f"{PYTHON}, {NEEDS}")
    with pytest.raises(SeedRefusal) as caught:
        stock(env, Seed(env={"USER": "hunter2"}))
    assert "PASSWORD: secret demo/db, key password\nTOKEN: parameter /demo/token\nAIRFLOW_CONN_LAKE" in str(
        caught.value
    )
    assert "PASSWORD=value" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_backend_gets_every_connection_and_variable_below_its_prefixes() -> None:
    """It needs none: what is missing there may be in Airflow's own database."""
    env = minimal(PYTHON, f"{PYTHON}, secrets_backend: {{connections: demo/connections}}")
    seed = Seed(env={"AIRFLOW_VAR_STAGE": "test"}, connections={"Lake": "aws://"})
    assert stock(env, seed) == Stock(secrets={"demo/connections/Lake": "aws://"})
    assert stock(env, Seed()) == Stock()


def test_a_secret_that_a_rehearsal_cannot_make_is_told() -> None:
    """Its ARN is not ours to choose."""
    arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:demo-AbCdEf"
    env = minimal(PYTHON, f'{PYTHON}, secrets: {{A: {{secret: "{arn}"}}}}')
    with pytest.raises(SeedRefusal, match="cannot make a secret with the ARN"):
        stock(env, Seed(env={"A": "1"}))


def test_files_are_read_only_where_the_yaml_needs_them(tmp_path: Path) -> None:
    """A file of somebody else's that cannot be read is no fault then."""
    (tmp_path / ".env").write_text("no assignment\n")
    assert stock_of(minimal(), tmp_path) == Stock()
    with pytest.raises(Refusal, match=r"\.env:1"):
        stock_of(minimal(PYTHON, f"{PYTHON}, {NEEDS}"), tmp_path)


@dataclass
class _Calls:
    """Notes every call of a client."""

    made: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def client(self, _service: str) -> "_Calls":
        """Return what notes the calls of a service."""
        return self

    def __getattr__(self, name: str) -> Any:
        return lambda **arguments: self.made.append((name, arguments))


def test_what_was_stored_is_removed_again() -> None:
    """A rehearsal leaves nothing behind."""
    calls, wanted = _Calls(), Stock(secrets={"a": "1"}, parameters={"/b": "2"})
    fill(cast("Session", calls), wanted)
    empty(cast("Session", calls), wanted)
    assert calls.made == [
        ("create_secret", {"Name": "a", "SecretString": "1"}),
        ("put_parameter", {"Name": "/b", "Value": "2", "Type": "SecureString"}),
        ("delete_secret", {"SecretId": "a", "ForceDeleteWithoutRecovery": True}),
        ("delete_parameter", {"Name": "/b"}),
    ]


def test_what_is_held_is_not_stored_again() -> None:
    """A YAML that names one more secret adds that one."""
    held = Stock({"a": "1"}, {"/p": "1"})
    assert Stock({"a": "2", "b": "2"}, {"/p": "2", "/q": "2"}).without(held) == Stock({"b": "2"}, {"/q": "2"})
