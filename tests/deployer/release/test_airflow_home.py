"""What is code, what is not, and what is refused before anything is uploaded."""

from pathlib import Path

import pytest

from deployer.release.airflow_home import CodeRefusal, read_code, taken_over
from spec.releases.table import IgnoreSyntax


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


def test_everything_of_the_usual_places_is_code(home: Path) -> None:
    """DAGs, plugins, configuration and the web server's file, sorted by path."""
    assert [file.path for file in read_code(home, "regexp").files] == [
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
    before = read_code(home, "regexp").version
    (home / leftover).parent.mkdir(parents=True, exist_ok=True)
    (home / leftover).write_text("rubbish")
    assert read_code(home, "regexp").version == before


def test_a_dag_alone_asks_for_no_restart(home: Path) -> None:
    """A changed DAG changes the version, but not what Airflow reads when it starts."""
    before = read_code(home, "regexp")
    (home / "dags/one.py").write_text("x = 2\n")
    after = read_code(home, "regexp")
    assert before.version != after.version
    assert before.restart_version == after.restart_version


@pytest.mark.parametrize("path", ["plugins/hello.py", "config/log_config.py", "webserver_config.py"])
def test_all_else_asks_for_a_restart(home: Path, path: str) -> None:
    """Plugins and configuration are read only at the start."""
    before = read_code(home, "regexp").restart_version
    (home / path).write_text("z = 3\n")
    assert read_code(home, "regexp").restart_version != before


def test_every_syntax_error_is_refused_with_its_place(home: Path) -> None:
    """All at once, each with file, line and column, and the Python that found it."""
    (home / "dags/one.py").write_text("def f(:\n    pass\n")
    (home / "plugins/hello.py").write_text("ok = 1\nreturn = 2\n")
    with pytest.raises(CodeRefusal) as refusal:
        read_code(home, "regexp")
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
        read_code(home, "regexp")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    """The refusal names the path."""
    with pytest.raises(CodeRefusal, match=r"no folder .*nowhere"):
        read_code(tmp_path / "nowhere", "regexp")


@pytest.mark.parametrize(("syntax", "pattern"), [("regexp", "scaffold/.*"), ("glob", "scaffold/**")])
def test_what_airflow_never_reads_need_not_be_python(home: Path, syntax: IgnoreSyntax, pattern: str) -> None:
    """It is uploaded as it is; the same file elsewhere is refused."""
    (home / "dags/scaffold").mkdir()
    (home / "dags/scaffold/new.py").write_text("with DAG({{ name }}\n")
    (home / "dags/.airflowignore").write_text(f"{pattern}\n")
    assert "dags/scaffold/new.py" in [file.path for file in read_code(home, syntax).files]
    (home / "plugins/scaffold").mkdir()
    (home / "plugins/scaffold/new.py").write_text("with DAG({{ name }}\n")
    with pytest.raises(CodeRefusal, match="1 file"):
        read_code(home, syntax)


def test_all_but_the_dags_may_be_missing(tmp_path: Path) -> None:
    """The sync task finds an empty webserver_config.py, which sets nothing."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags/x.py").write_text("x = 1\n")
    assert [(file.path, file.content) for file in read_code(tmp_path, "regexp").files] == [
        ("dags/x.py", b"x = 1\n"),
        ("webserver_config.py", b""),
    ]


def test_a_home_without_dags_is_refused(tmp_path: Path) -> None:
    """The refusal names the folder that is missing, and nothing else."""
    (tmp_path / "plugins").mkdir()
    with pytest.raises(CodeRefusal, match=r"no folder .*/dags\."):
        read_code(tmp_path, "regexp")


def test_what_dags_include_lies_below_config(home: Path) -> None:
    """That folder is on Python's path in every process; DAGs read it, so it asks for no restart."""
    before = read_code(home, "regexp")
    (home / "include/sql").mkdir(parents=True)
    (home / "include/sql/orders.sql").write_text("select 1")
    after = read_code(home, "regexp")
    assert ("include/sql/orders.sql", "config/include/sql/orders.sql") in [(one.path, one.key) for one in after.files]
    assert before.version != after.version
    assert before.restart_version == after.restart_version


def test_two_files_for_one_place_are_refused(home: Path) -> None:
    """One of them would be lost."""
    for folder in ("include", "config/include"):
        (home / folder).mkdir()
        (home / folder / "a.sql").write_text(folder)
    with pytest.raises(CodeRefusal, match="one folder on the cluster"):
        read_code(home, "regexp")


def test_the_login_line_of_an_earlier_windsock_is_refused_without_its_module(home: Path) -> None:
    """The web server would die of it; with the module, which it may still have, all is well."""
    (home / "webserver_config.py").write_text("from windsock_login import *\n")
    with pytest.raises(CodeRefusal, match="imports windsock_login") as refusal:
        read_code(home, "regexp")
    assert refusal.value.next_step == "Remove the line `from windsock_login import *`."
    (home / "config/windsock_login.py").write_text("")
    assert read_code(home, "regexp").files


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        (
            "AUTH_TYPE = 1\nAPP_THEME = 'x'\nAUTH_ROLES_MAPPING = {}\nAUTH_TYPE = 2\n",
            ("AUTH_TYPE", "AUTH_ROLES_MAPPING"),
        ),
        ("APP_THEME = 'simplex.css'\n", ()),
        ("# AUTH_TYPE = 1\n", ()),
        ("def late():\n    AUTH_TYPE = 1\n", ()),
        ("AUTH_TYPE = (\n", ()),
        ("\0", ()),
    ],
)
def test_only_settings_of_the_login_are_taken_over(settings: str, names: tuple[str, ...]) -> None:
    """Each once, in the order of the file; what is no setting or cannot be parsed names nothing."""
    assert taken_over(settings.encode()) == names


def test_syntax_of_a_newer_python_than_the_clusters_is_refused(home: Path) -> None:
    """Although the Python of this program knows it."""
    (home / "dags" / "new.py").write_text("try:\n    pass\nexcept* ValueError:\n    pass\n")
    assert read_code(home, "regexp").files
    with pytest.raises(CodeRefusal, match=r"cannot be parsed by Python 3\.10"):
        read_code(home, "regexp", "3.10")
