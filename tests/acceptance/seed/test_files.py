"""What lies beside the YAML is read as Astro and Compose read it."""

from pathlib import Path

import pytest

from acceptance.seed.files import Seed, read_seed
from spec.errors import Refusal
from spec.sections.env_vars import CONNECTION, VARIABLE

SETTINGS = """\
airflow:
  connections:
    - conn_id: warehouse
      conn_type: postgres
      conn_host: warehouse.example.com
      conn_schema: dwh
      conn_login: reader
      conn_password: hunter2
      conn_port: 5432
      conn_uri:
      conn_extra:
        sslmode: require
    - conn_id: Lake
      conn_uri: aws://?region_name=eu-central-1
    - conn_id:
      conn_type:
  pools:
    - pool_name: narrow
      pool_slot: 2
  variables:
    - variable_name: stage
      variable_value: test
    - variable_name: limits
      variable_value: {rows: 5}
"""


def test_settings_of_astro_become_connections_and_variables(tmp_path: Path) -> None:
    """Connections in Airflow's own JSON; the empty entries that the Astro CLI writes are none."""
    (tmp_path / "airflow_settings.yaml").write_text(SETTINGS)
    seed = read_seed(tmp_path)
    assert seed.connections == {
        "warehouse": '{"conn_type": "postgres", "host": "warehouse.example.com", "schema": "dwh", '
        '"login": "reader", "password": "hunter2", "port": 5432, "extra": {"sslmode": "require"}}',
        "Lake": "aws://?region_name=eu-central-1",
    }
    assert seed.variables == {"stage": "test", "limits": '{"rows": 5}'}
    assert seed.by_variable["AIRFLOW_CONN_LAKE"] == "aws://?region_name=eu-central-1"
    assert seed.by_variable["AIRFLOW_VAR_STAGE"] == "test"


def test_dotenv_is_read_as_compose_reads_it(tmp_path: Path) -> None:
    """With comments, quotes, an export, and values that have equals signs."""
    lines = [
        "# a comment",
        "",
        "A=1",
        "export B = two # more",
        "C='a # b'",
        r'D="x\"y"',
        "E=u:p=w",
        "ALONE",
        'F="a',
        'b"',
    ]
    (tmp_path / ".env").write_text("\n".join(lines))
    assert read_seed(tmp_path).env == {"A": "1", "B": "two", "C": "a # b", "D": 'x"y', "E": "u:p=w", "F": "a\nb"}


def test_a_quote_that_nothing_closes_ends_with_the_file(tmp_path: Path) -> None:
    """Nothing waits for more."""
    (tmp_path / ".env").write_text('A="a\nb')
    assert read_seed(tmp_path).env == {"A": "a\nb\n"}


def test_dotenv_wins_over_settings() -> None:
    """Names of Airflow's keep their capitals where settings have them."""
    seed = Seed(env={"AIRFLOW_CONN_LAKE": "b://", "AIRFLOW_CONN_SEA": "c://"}, connections={"Lake": "a://"})
    assert seed.below(CONNECTION) == {"Lake": "b://", "sea": "c://"}
    assert seed.below(VARIABLE) == {}


def test_no_files_are_no_values(tmp_path: Path) -> None:
    """A folder without them is as good."""
    assert read_seed(tmp_path) == Seed()


@pytest.mark.parametrize(
    ("name", "text"), [(".env", "A=1\nhunter2 or so"), ("airflow_settings.yaml", 'airflow: {a: 1\n "hunter2')]
)
def test_a_line_that_cannot_be_read_is_named_and_not_quoted(tmp_path: Path, name: str, text: str) -> None:
    """It may be a password."""
    (tmp_path / name).write_text(text)
    with pytest.raises(Refusal) as caught:
        read_seed(tmp_path)
    assert f"{name}:2" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_values_are_shown_nowhere() -> None:
    """No message and no traceback has them."""
    assert "hunter2" not in repr(Seed(env={"A": "hunter2"}, connections={"b": "hunter2"}, variables={"c": "hunter2"}))
