"""Promises of what leaves the compiler: a finding says where it is, in the form that editors follow."""

from compiler.model.template_set import Finding


def test_a_finding_names_its_place() -> None:
    """File, line, column, rule and message stand on one line."""
    finding = Finding(file="edge.yaml", line=12, column=3, rule="E3002", message="no such property", severity="error")
    assert str(finding) == "edge.yaml:12:3: E3002 no such property"
