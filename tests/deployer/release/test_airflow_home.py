"""What is code, what is not, and what is refused before anything is uploaded."""

from pathlib import Path

import pytest

from deployer.release.airflow_home import Code, CodeRefusal, read_code, reads_login, refuse_incomplete, refuse_own_login
from spec.environment import Environment
from spec.releases.table import RELEASES
from tests.deployer.fakes.environment import environment, write_home
from tests.spec.minimal import GOOGLE, minimal


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make an Airflow home as a user has it."""
    for path, text in {
        "dags/one.py": "x = 1\n",
        "dags/team/two.py": "y = 2\n",
        "dags/.airflowignore": "skip\n",
        "plugins/hello.py": "",
        "config/log_config.py": "",
        "webserver_config.py": "AUTH_TYPE = 1\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_everything_of_the_four_places_is_code(home: Path) -> None:
    """DAGs, plugins, configuration and the web server's file, sorted by path."""
    assert [file.path for file in read_code(home).files] == [
        "config/log_config.py",
        "dags/.airflowignore",
        "dags/one.py",
        "dags/team/two.py",
        "plugins/hello.py",
        "webserver_config.py",
    ]


@pytest.mark.parametrize(
    "leftover",
    [
        "dags/__pycache__/one.cpython-310.pyc",
        "dags/one.pyc",
        "dags/.one.py.swp",
        "dags/one.py~",
        "dags/#one.py#",
        "dags/.git/config",
        "dags/one.py.orig",
        "logs/x.log",
        "notes.txt",
    ],
)
def test_leftovers_are_not_code(home: Path, leftover: str) -> None:
    """Caches, dotfiles and what editors leave stay here."""
    before = read_code(home).version
    (home / leftover).parent.mkdir(parents=True, exist_ok=True)
    (home / leftover).write_text("rubbish")
    assert read_code(home).version == before


def test_a_dag_alone_asks_for_no_restart(home: Path) -> None:
    """A changed DAG changes the version, but not what Airflow reads when it starts."""
    before = read_code(home)
    (home / "dags/one.py").write_text("x = 2\n")
    after = read_code(home)
    assert before.version != after.version
    assert before.restart_version == after.restart_version


@pytest.mark.parametrize("path", ["plugins/hello.py", "config/log_config.py", "webserver_config.py"])
def test_all_else_asks_for_a_restart(home: Path, path: str) -> None:
    """Plugins and configuration are read only at the start."""
    before = read_code(home).restart_version
    (home / path).write_text("z = 3\n")
    assert read_code(home).restart_version != before


def test_every_syntax_error_is_refused_with_its_place(home: Path) -> None:
    """All at once, each with file, line and column, and the Python that found it."""
    (home / "dags/one.py").write_text("def f(:\n    pass\n")
    (home / "plugins/hello.py").write_text("ok = 1\nreturn = 2\n")
    with pytest.raises(CodeRefusal) as refusal:
        read_code(home)
    text = str(refusal.value)
    assert "2 files" in text
    assert f"{home}/dags/one.py:1:7: invalid syntax" in text
    assert f"{home}/plugins/hello.py:2:8: invalid syntax" in text
    assert "Python 3." in text
    assert refusal.value.exit_code == 2


def test_a_file_with_null_bytes_is_a_fault(home: Path) -> None:
    """What Python cannot even read as text is refused too, not a traceback."""
    (home / "dags/one.py").write_bytes(b"x = 1\0")
    with pytest.raises(CodeRefusal, match="null bytes"):
        read_code(home)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """The refusal names the path."""
    with pytest.raises(CodeRefusal, match=r"no folder .*nowhere"):
        read_code(tmp_path / "nowhere")


def test_a_missing_webserver_config_is_refused(home: Path) -> None:
    """Without it Airflow would use a login of its own."""
    (home / "webserver_config.py").unlink()
    with pytest.raises(CodeRefusal, match=r"webserver_config\.py"):
        read_code(home)


@pytest.fixture(params=[(version, executor) for version in RELEASES for executor in ("local", "ecs")], ids="-".join)
def env(request: pytest.FixtureRequest) -> Environment:
    """Each release with each executor."""
    version, executor = request.param
    (python,) = RELEASES[version].pythons
    return environment(**{"2.5.3": version, '"3.10"': f'"{python}", executor: {executor}'})


def test_what_the_configuration_names_must_be_there(tmp_path: Path, env: Environment) -> None:
    """Every file is named without which Airflow would die at its start, with its release and where to get it."""
    (tmp_path / "webserver_config.py").write_text("")
    with pytest.raises(CodeRefusal) as refusal:
        refuse_incomplete(tmp_path, read_code(tmp_path), env)
    text = str(refusal.value)
    assert all(f"{tmp_path}/{name}" in text for name in env.needs_files)
    assert "missing; nothing was uploaded" in text
    assert f"Airflow {env.airflow.version} is configured to read" in text
    assert "Windsock's own airflow_home" in text


def test_the_sample_code_is_complete(env: Environment) -> None:
    """Windsock's own airflow_home, from which to restore, lacks nothing; one file less is noticed."""
    home = Path(__file__).parents[3] / "airflow_home"
    code = read_code(home)
    refuse_incomplete(home, code, env)
    for name in env.needs_files:
        without = Code(tuple(file for file in code.files if file.path != name))
        with pytest.raises(CodeRefusal, match=f"{name} is missing"):
            refuse_incomplete(home, without, env)


@pytest.mark.parametrize(
    ("settings", "takes_over"),
    [
        ("from windsock_login import *\n", True),
        ("x = 1\nfrom windsock_login import *  # noqa: F403\nCSRF_ENABLED = True\n", True),
        ("", False),
        ("# from windsock_login import *\n", False),
        ("'from windsock_login import *'\n", False),
        ("import windsock_login\n", False),
        ("from windsock_login import KIND\n", False),
        ("def late():\n    from windsock_login import KIND\n", False),
        ("from windsock_login import (\n", False),
        ("\0", False),
    ],
)
def test_only_the_import_itself_takes_over_the_login(settings: str, takes_over: bool) -> None:  # noqa: FBT001  # a table column
    """A line that only looks like it does not count."""
    assert reads_login(settings.encode()) is takes_over


def test_a_webserver_config_that_keeps_its_own_login_is_refused(tmp_path: Path) -> None:
    """With single sign-on; the refusal names the missing line, and with that line all passes."""
    home = write_home(tmp_path)
    elsewhere = minimal(more=GOOGLE)
    refuse_own_login(home, read_code(home), minimal())
    with pytest.raises(CodeRefusal, match="nothing was uploaded") as refusal:
        refuse_own_login(home, read_code(home), elsewhere)
    assert str(home / "webserver_config.py") in refusal.value.what
    assert refusal.value.next_step.endswith("from windsock_login import *")
    (home / "webserver_config.py").write_text("from windsock_login import *\n")
    refuse_own_login(home, read_code(home), elsewhere)
