"""`windsock compile`: templates for review, or every reason why not."""

import json
import shutil
from pathlib import Path

import pytest

from cli.terminal.version import VERSION
from tests.cli.shell import Windsock
from tests.spec.minimal import GOOGLE, TEXT

EXAMPLE = (Path(__file__).parents[3] / "env.example.yaml").read_text()


def test_compile_writes_templates_and_names_changed_files(windsock: Windsock, checkout: Path) -> None:
    """Templates go to templates_out/<name>; stdout names the changed ones, stderr sums up."""
    ran = windsock("compile", "env.yaml")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "templates_out/demo/root.yaml"
    assert sorted(ran.out.split()) == sorted(
        str(p.relative_to(checkout)) for p in checkout.glob("templates_out/demo/*.yaml")
    )
    assert "lint found nothing" in ran.err
    assert "2.5.3 reached its end of life" in ran.err


def test_compiling_again_changes_nothing(windsock: Windsock) -> None:
    """A second compile writes nothing; the notice stays, and stdout is empty."""
    windsock("compile", "env.yaml", "--no-lint")
    ran = windsock("compile", "env.yaml", "--no-lint")
    assert (ran.code, ran.out) == (0, "")
    assert "up to date" in ran.err
    assert "end of life" in ran.err


def test_settings_of_the_login_are_noticed_until_they_are_gone(windsock: Windsock, checkout: Path) -> None:
    """Each compile warns of them, also where nothing else has changed."""
    (checkout / "env.yaml").write_text(TEXT + GOOGLE)
    settings = checkout / "airflow_home" / "webserver_config.py"
    settings.parent.mkdir()
    own = "AUTH_TYPE = 1\n"
    for text, noticed in ((own, True), (own, True), ("", False), (own, True)):
        settings.write_text(text)
        ran = windsock("compile", "env.yaml", "--no-lint")
        assert ran.code == 0
        assert ("replaces what it sets as AUTH_TYPE" in ran.err) is noticed


def test_one_change_names_its_files(windsock: Windsock, checkout: Path) -> None:
    """A changed field touches the templates that it concerns."""
    windsock("compile", "env.yaml", "--no-lint")
    (checkout / "env.yaml").write_text(EXAMPLE.replace("storage_gb: 20", "storage_gb: 30"))
    ran = windsock("compile", "env.yaml", "--no-lint")
    assert ran.out == "templates_out/demo/database.yaml\n"


def test_the_option_check_writes_nothing(windsock: Windsock, checkout: Path) -> None:
    """It fails on stale templates, and names the command that renews them."""
    ran = windsock("compile", "--check", "--no-lint", "env.yaml")
    assert ran.code == 1
    assert "templates_out/demo/root.yaml" in ran.out
    assert "windsock compile env.yaml" in ran.err
    assert not (checkout / "templates_out").exists()
    windsock("compile", "--no-lint", "env.yaml")
    assert windsock("compile", "--check", "--no-lint", "env.yaml").code == 0
    folder = checkout / "templates_out" / "demo"
    shutil.copy(folder / "network.yaml", folder / "stray.yaml")
    ran = windsock("compile", "--check", "--no-lint", "env.yaml")
    assert (ran.code, ran.out) == (1, "templates_out/demo/stray.yaml\n")
    ran = windsock("compile", "--no-lint", "env.yaml")
    assert (ran.code, ran.out) == (0, "templates_out/demo/stray.yaml\n")
    assert "10 templates, 0 changed, stray.yaml removed" in ran.err


def test_a_link_is_refused_before_anything_is_written(windsock: Windsock, checkout: Path) -> None:
    """Also when the templates were compiled before, and what the link leads to stays as it is."""
    windsock("compile", "--no-lint", "env.yaml")
    (checkout / "templates_out").rename(checkout / "elsewhere")
    (checkout / "templates_out").symlink_to("elsewhere")
    ran = windsock("compile", "--no-lint", "env.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert "templates_out is a link to elsewhere; nothing was written." in ran.err


def test_a_refused_yaml_writes_nothing(windsock: Windsock, checkout: Path) -> None:
    """One bad YAML among several keeps all of them from being written."""
    (checkout / "bad.yaml").write_text(EXAMPLE.replace("storage_gb: 20", "storage_gb: 10"))
    ran = windsock("compile", "--no-lint", "env.yaml", "bad.yaml")
    assert ran.code == 2
    assert ran.out == ""
    line = EXAMPLE.splitlines().index("  storage_gb: 20") + 1
    assert f"bad.yaml:{line}:15: database.storage_gb: 10 GiB is less than a gp3 volume can have" in ran.err
    assert not (checkout / "templates_out").exists()


def test_two_environments_of_one_name_are_refused(windsock: Windsock, checkout: Path) -> None:
    """Two environments of one name would overwrite each other."""
    (checkout / "twin.yaml").write_text(EXAMPLE)
    ran = windsock("compile", "--no-lint", "env.yaml", "twin.yaml")
    assert ran.code == 1
    assert "'demo'" in ran.err


def test_the_option_output_moves_the_folder_of_all_templates(windsock: Windsock, checkout: Path) -> None:
    """--output moves the folder of all templates."""
    assert windsock("compile", "--no-lint", "env.yaml", "--output", "elsewhere").code == 0
    assert (checkout / "elsewhere" / "demo" / "root.yaml").is_file()


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ("none.yaml", "no such file"),
        (".", "folder"),
        ("a\0b", "cannot be read"),
        ("", "folder"),
        ("x" * 5000, "cannot be read"),
    ],
)
def test_a_missing_yaml_is_refused(windsock: Windsock, env: str, words: str) -> None:
    """What is no file is refused as wrong input."""
    ran = windsock("compile", env)
    assert ran.code == 2
    assert words in ran.err


@pytest.mark.parametrize(("output", "words"), [("env.yaml", "not a folder"), ("/proc/windsock", "/proc/windsock")])
def test_an_output_that_is_a_file_is_refused(windsock: Windsock, output: str, words: str) -> None:
    """A folder that cannot be written is named with the reason."""
    ran = windsock("compile", "--no-lint", "env.yaml", "--output", output)
    assert ran.code == 1
    assert words in ran.err


def test_a_finding_of_lint_writes_nothing(windsock: Windsock, checkout: Path) -> None:
    """A class that one region does not offer is refused with its place, by lint alone."""
    text = EXAMPLE.replace("us-west-2", "il-central-1").replace("db.t4g.micro", "db.m7i.24xlarge")
    (checkout / "env.yaml").write_text(text)
    ran = windsock("compile", "env.yaml")
    assert ran.code == 1
    file, line, column, rest = ran.out.splitlines()[0].split(":", 3)
    assert file == "templates_out/demo/database.yaml"
    assert line.isdecimal()
    assert column.isdecimal()
    assert rest.startswith(" E3025 'db.m7i.24xlarge'")
    assert "DBInstanceClass: db.m7i.24xlarge" in ran.out
    assert "Nothing was written." in ran.err
    assert not (checkout / "templates_out").exists()


def test_a_branch_is_compiled_into_its_own_folder(windsock: Windsock, checkout: Path, tmp_path: Path) -> None:
    """Under its own name, and nothing is remembered for the YAML's own environment."""
    look = tmp_path / "look"
    ran = windsock("compile", "--no-lint", "env.yaml", "--branch", "feature/x", "--output", str(look))
    assert ran.code == 0
    assert [folder.name for folder in look.iterdir()] == ["demo-feature-x-72935a2"]
    ran = windsock("compile", "--no-lint", "env.yaml", "--output", str(look))
    assert (look / "demo" / "root.yaml").is_file()
    assert windsock("compile", "--no-lint", "--check", "env.yaml", "--branch", "", "--output", str(look)).code == 2
    assert not (checkout / "templates_out").exists()


def test_templates_stand_beside_their_yaml(windsock: Windsock, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From whatever folder compile is called; a second call finds them there."""
    below = checkout / "airflow_home" / "dags"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    ran = windsock("compile", "--no-lint", "../../env.yaml")
    assert ran.out.splitlines()[0] == "../../templates_out/demo/root.yaml"
    assert (checkout / "templates_out" / "demo" / "root.yaml").is_file()
    assert not (below / "templates_out").exists()
    assert "../../templates_out/demo is up to date" in windsock("compile", "--no-lint", "../../env.yaml").err


def test_the_yaml_is_found_in_a_folder_above(
    windsock: Windsock, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a name; the first line says which one it is."""
    below = checkout / "airflow_home"
    below.mkdir()
    monkeypatch.chdir(below)
    ran = windsock("compile", "--no-lint")
    assert ran.code == 0
    assert ran.err.splitlines()[0] == "Environment: ../env.yaml"
    assert (checkout / "templates_out" / "demo" / "root.yaml").is_file()


def test_templates_of_an_old_name_are_told(windsock: Windsock, checkout: Path) -> None:
    """Also when nothing else has changed; a branch's templates belong to the YAML of the branch."""
    windsock("compile", "--no-lint", "env.yaml")
    (checkout / "env.yaml").write_text(EXAMPLE.replace("name: demo", "name: prod"))
    for _ in range(2):
        ran = windsock("compile", "--no-lint", "env.yaml")
        assert ran.code == 0
        assert "templates_out/demo belongs to no environment YAML beside it" in ran.err
    windsock("compile", "--no-lint", "--branch", "main", "env.yaml")
    (checkout / "templates_out" / "demo" / "root.yaml").unlink()
    assert "belongs to no" not in windsock("compile", "--no-lint", "env.yaml").err


def test_another_version_is_told_before_it_is_overwritten(windsock: Windsock, checkout: Path) -> None:
    """By compile, by its check and by deploy; templates that stay as they are need no word."""
    windsock("compile", "--no-lint", "env.yaml")
    version = checkout / "templates_out" / "demo" / "windsock-version.txt"
    assert version.read_text() == f"{VERSION}\n"
    version.write_text("0.0.9\n")
    told = "Windsock 0.0.9 made templates_out/demo"
    assert told not in windsock("compile", "--no-lint", "env.yaml").err
    (checkout / "env.yaml").write_text(EXAMPLE.replace("storage_gb: 20", "storage_gb: 30"))
    for words in (("compile", "--check", "--no-lint"), ("deploy",), ("compile", "--no-lint")):
        assert told in windsock(*words, "env.yaml").err
    assert version.read_text() == f"{VERSION}\n"


def test_an_option_that_airflow_lacks_is_told(windsock: Windsock, checkout: Path) -> None:
    """With the one that was probably meant, and the templates are written all the same."""
    (checkout / "env.yaml").write_text(EXAMPLE.replace("parallelism:", "paralelism:"))
    ran = windsock("compile", "--no-lint", "env.yaml")
    assert ran.code == 0
    assert "Airflow 2.5.3 has no option core.paralelism. Did you mean core.parallelism?" in ran.err


def test_a_compile_reports_as_json(windsock: Windsock, checkout: Path) -> None:
    """One document: what changed, what was up to date, and what lint found."""
    (checkout / "two.yaml").write_text(EXAMPLE.replace("name: demo", "name: two"))
    windsock("compile", "--no-lint", "two.yaml")
    ran = windsock("compile", "--no-lint", "--json", "env.yaml", "two.yaml")
    two, demo = json.loads(ran.out)["environments"]
    assert (two["environment"], two["changed"]) == ("two", [])
    assert demo["folder"] == "templates_out/demo"
    assert {"root.yaml", "network.yaml"} < set(demo["changed"])
    assert "end of life" in demo["notices"][0]
    ran = windsock("compile", "--check", "--no-lint", "--json", "env.yaml")
    assert (ran.code, json.loads(ran.out)["findings"]) == (0, [])


def test_sarif_has_what_a_compile_warns_of_and_why_it_refuses(windsock: Windsock, checkout: Path) -> None:
    """It is written also when nothing else is."""
    file = checkout / "out.sarif"
    assert windsock("compile", "env.yaml", "--no-lint", "--sarif", "out.sarif").code == 0
    warned = json.loads(file.read_text())["runs"][0]["results"]
    assert {one["level"] for one in warned} == {"warning"}
    assert windsock("compile", "env.yaml", "--no-lint", "--sarif", "out.sarif").code == 0
    assert json.loads(file.read_text())["runs"][0]["results"] == warned
    yaml = checkout / "env.yaml"
    yaml.write_text(yaml.read_text().replace("us-west-2", "nowhere"))
    assert windsock("compile", "env.yaml", "--no-lint", "--sarif", "out.sarif").code == 2
    (refused,) = json.loads(file.read_text())["runs"][0]["results"]
    assert (refused["level"], refused["ruleId"]) == ("error", "yaml")
    assert refused["locations"][0]["physicalLocation"]["region"]["startLine"] > 1
