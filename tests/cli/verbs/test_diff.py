"""`windsock diff`: what a deploy would change, without asking AWS where it need not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from cli.differences.differing import Differing
from tests.cli.differences.repository import commit
from tests.cli.shell import Windsock

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "reviewing.md"
SCHEMA = ROOT / "docs" / "diff.schema.json"


@pytest.fixture
def changed(checkout: Path, windsock: Windsock) -> Path:
    """Return a checkout in which the example was compiled and committed, and then changed."""
    windsock("compile", "env.yaml", "--no-lint")
    commit(checkout)
    path = checkout / "env.yaml"
    path.write_text(path.read_text().replace("db.t4g.micro", "db.t4g.small"))
    return path


def test_a_change_is_told_with_its_line(changed: Path, windsock: Windsock) -> None:
    """Offline, against a revision."""
    line = changed.read_text(encoding="utf-8")[: changed.read_text(encoding="utf-8").index("instance:")].count("\n") + 1
    ran = windsock("diff", "env.yaml", "--against", "HEAD")
    assert ran.code == 0
    assert "Interrupted\n  Database/Instance: The metadata database" in ran.out
    assert f"DBInstanceClass: db.t4g.micro -> db.t4g.small  [database.instance (env.yaml:{line})]" in ran.out
    assert "1 interrupted; " in ran.out


def test_the_page_in_the_docs_is_what_it_prints(
    checkout: Path, windsock: Windsock, golden: Callable[[Path, str], None]
) -> None:
    """Of the example, with a larger database and one more network."""
    path = checkout / "env.yaml"
    path.with_name("main").write_text(path.read_text())
    larger = path.read_text().replace("db.t4g.micro", "db.t4g.small")
    path.write_text(larger.replace("[203.0.113.0/24]", "[203.0.113.0/24, 198.51.100.0/24]"))
    printed = windsock("diff", "--against", "main").out
    before, command, after = PAGE.read_text().partition("$ windsock diff --against main\n")
    golden(PAGE, f"{before}{command}{printed}{after[after.index('```') :]}")


def test_the_exit_code_can_tell_changes_from_failures(changed: Path, windsock: Windsock) -> None:
    """As Terraform has it; also a YAML that is refused is a failure then."""
    assert windsock("diff", "--against", "env.yaml", "--detailed-exitcode").code == 0
    assert windsock("diff", "--against", "HEAD", "--detailed-exitcode").code == 2
    ran = windsock("diff", "--against", "nowhere", "--detailed-exitcode")
    assert (ran.code, ran.out) == (1, "")
    assert "no revision that git knows" in ran.err
    changed.write_text("name: [\n", encoding="utf-8")
    assert windsock("diff", "--against", "HEAD", "--detailed-exitcode").code == 1
    assert windsock("diff", "--against", "HEAD").code == 2


def test_json_is_what_its_schema_says(changed: Path, windsock: Windsock) -> None:
    """With both values as the templates have them."""
    assert changed.is_file()
    text = windsock("diff", "--against", "HEAD", "--json").out
    (resource,) = json.loads(text)["difference"]["resources"]
    assert resource["properties"][0]["after"] == "db.t4g.small"
    assert TypeAdapter(Differing).validate_json(text).difference


def test_the_schema_is_committed(golden: Callable[[Path, str], None]) -> None:
    """For programs that read the JSON."""
    golden(SCHEMA, json.dumps(TypeAdapter(Differing).json_schema(), indent=2) + "\n")


def test_markdown_is_for_a_pull_request(changed: Path, windsock: Windsock) -> None:
    """With a headline."""
    assert changed.is_file()
    assert windsock("diff", "--against", "HEAD", "--markdown").out.startswith("### demo, compared with HEAD (")


def test_a_yaml_of_another_environment_is_said(changed: Path, windsock: Windsock) -> None:
    """As a warning: names are no change."""
    other = changed.with_name("prod.yaml")
    other.write_text(changed.read_text(encoding="utf-8").replace("name: demo", "name: prod"))
    ran = windsock("diff", "env.yaml", "--against", "prod.yaml")
    assert "no change" in ran.out
    assert "prod.yaml is the environment prod" in ran.err
