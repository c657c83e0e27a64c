"""A finding is one line that leads to its place."""

from cli.upgrading.finding import Finding


def test_it_names_file_line_and_rule() -> None:
    """What only warns says so."""
    assert str(Finding(file="dags/a.py", line=3, rule="AIR301", message="gone")) == "dags/a.py:3: gone [AIR301]"
    assert str(Finding(file="x", line=0, rule="AIR311", message="moves", must=False)) == "x: soon: moves [AIR311]"
