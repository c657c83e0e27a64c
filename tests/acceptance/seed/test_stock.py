"""A rehearsal has a value for every secret that its YAML names, or says which it lacks."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from acceptance.seed.files import Seed
from acceptance.seed.stock import SeedRefusal, Stock, empty, fill, stock, stock_of
from rehearsal.emulator.rules.given_arns import GIVEN_ARN
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


def test_a_secret_is_stocked_under_the_arn_that_the_yaml_names() -> None:
    """In any region and account; one that the YAML names by its name too is one secret."""
    away = "arn:aws:secretsmanager:eu-west-1:999999999999:secret:away/lake-AbCdEf"
    here = "arn:aws:secretsmanager:us-west-2:123456789012:secret:demo-AbCdEf"
    named = f'A: {{secret: "{here}", key: a}}, B: {{secret: demo, key: b}}, C: {{secret: "{away}"}}'
    env = minimal(PYTHON, f"{PYTHON}, secrets: {{{named}}}")
    values = {"A": "1", "B": "2", "C": "3"}
    assert stock(env, Seed(env=values)) == Stock(secrets={here: '{"a": "1", "b": "2"}', away: "3"})


def test_a_parameter_is_stocked_by_its_arn_only_if_it_is_of_another_region() -> None:
    """One of another account is refused."""
    here, away, foreign = (
        f"arn:aws:ssm:{place}:parameter/team/token"
        for place in ("us-west-2:123456789012", "eu-west-1:123456789012", "us-west-2:999999999999")
    )
    envs = {arn: minimal(PYTHON, f'{PYTHON}, secrets: {{A: {{parameter: "{arn}"}}}}') for arn in (here, away, foreign)}
    seed = Seed(env={"A": "1"})
    assert stock(envs[here], seed) == Stock(parameters={"/team/token": "1"})
    assert stock(envs[away], seed) == Stock(parameters={away: "1"})
    with pytest.raises(SeedRefusal, match="is of another account"):
        stock(envs[foreign], seed)


def test_files_are_read_only_where_the_yaml_needs_them(tmp_path: Path) -> None:
    """A file of somebody else's that cannot be read is no fault then."""
    (tmp_path / ".env").write_text("no assignment\n")
    assert stock_of(minimal(), tmp_path) == Stock()
    with pytest.raises(Refusal, match=r"\.env:1"):
        stock_of(minimal(PYTHON, f"{PYTHON}, {NEEDS}"), tmp_path)


@dataclass
class _Calls:
    """Notes every call of a client."""

    region: str = "us-west-2"
    account: str = "123456789012"
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


def test_what_has_a_given_arn_is_made_with_it_and_removed_where_it_can_be() -> None:
    """What lies elsewhere, no call of this region reaches."""
    here = "arn:aws:secretsmanager:us-west-2:123456789012:secret:demo/db-AbCdEf"
    away = "arn:aws:ssm:eu-west-1:123456789012:parameter/team/token"
    calls, wanted = _Calls(), Stock(secrets={here: "1"}, parameters={away: "2"})
    fill(cast("Session", calls), wanted)
    empty(cast("Session", calls), wanted)
    tags = [[{"Key": GIVEN_ARN, "Value": arn}] for arn in (here, away)]
    assert calls.made == [
        ("create_secret", {"Name": "demo/db", "SecretString": "1", "Tags": tags[0]}),
        ("put_parameter", {"Name": "/team/token", "Value": "2", "Type": "SecureString", "Tags": tags[1]}),
        ("delete_secret", {"SecretId": here, "ForceDeleteWithoutRecovery": True}),
    ]


def test_what_is_held_is_not_stored_again() -> None:
    """A YAML that names one more secret adds that one."""
    held = Stock({"a": "1"}, {"/p": "1"})
    assert Stock({"a": "2", "b": "2"}, {"/p": "2", "/q": "2"}).without(held) == Stock({"b": "2"}, {"/q": "2"})


def test_a_rehearsal_has_the_key_of_a_dump_from_the_file_of_its_airflow() -> None:
    """Under the variable that Compose and Astro know; without it the refusal names the line."""
    env = minimal(more='database: {version: "15", restore_from: {dump: a.sql, fernet_key: demo/fernet-key}}\n')
    held = stock(env, Seed(env={"AIRFLOW__CORE__FERNET_KEY": "secret="}))
    assert held == Stock(secrets={"demo/fernet-key": "secret="})
    with pytest.raises(SeedRefusal, match="no value for the secret demo/fernet-key") as caught:
        stock(env, Seed())
    assert "AIRFLOW__CORE__FERNET_KEY=value" in caught.value.next_step
