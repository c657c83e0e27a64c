"""What a `.airflowignore` keeps from Airflow, as each syntax means it."""

import pytest

from deployer.release.airflowignore import is_ignored
from spec.releases.table import IgnoreSyntax


@pytest.mark.parametrize(
    ("syntax", "pattern", "path", "ignored"),
    [
        ("regexp", "scaffold/.*", "dags/scaffold/new.py", True),
        ("regexp", "scaffold", "dags/team/scaffold/new.py", True),
        ("regexp", "^scaffold", "dags/team/scaffold/new.py", False),
        ("regexp", "[ # a half of one", "dags/a.py", False),
        ("regexp", "# new", "dags/new.py", False),
        ("regexp", "^team$", "dags/team/new.py", True),
        ("glob", "scaffold/", "dags/team/scaffold/new.py", True),
        ("glob", "/scaffold", "dags/team/scaffold/new.py", False),
        ("glob", "*.tmpl.py  # templates", "dags/a.tmpl.py", True),
        ("glob", "scaffold/.*", "dags/scaffold/new.py", False),
        ("glob", "*.py\n!new.py", "dags/new.py", False),
    ],
)
def test_a_pattern_means_what_its_syntax_says(syntax: IgnoreSyntax, pattern: str, path: str, *, ignored: bool) -> None:
    """Regular expressions search in the path, globs are those of git; comments and invalid patterns are none."""
    assert is_ignored(path, "dags", {"dags/.airflowignore": pattern.encode()}, syntax) is ignored


@pytest.mark.parametrize("syntax", ["regexp", "glob"])
def test_a_file_counts_for_its_folder_alone(syntax: IgnoreSyntax) -> None:
    """Its neighbours are read, and so is what lies outside of the DAGs folder."""
    files = {"dags/team/.airflowignore": b"new", ".airflowignore": b"new"}
    assert is_ignored("dags/team/new/x.py", "dags", files, syntax)
    assert not is_ignored("dags/other/new/x.py", "dags", files, syntax)


def test_an_inner_file_overrides_an_outer_one() -> None:
    """As in git: what is negated below is read."""
    files = {"dags/.airflowignore": b"*.py", "dags/team/.airflowignore": b"!new.py"}
    assert not is_ignored("dags/team/new.py", "dags", files, "glob")
    assert is_ignored("dags/team/old.py", "dags", files, "glob")
