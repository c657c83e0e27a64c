"""A network is compiled from its YAML, and its template has a place for review."""

from pathlib import Path

from cli.compiling.compiled_network import compile_network_yaml
from tests.spec.networks import shared_network


def test_the_template_lies_beside_the_yaml_under_the_name_of_the_network(tmp_path: Path) -> None:
    """As that of an environment does."""
    network = shared_network(tmp_path)
    compiled = compile_network_yaml(tmp_path / "network.yaml")
    assert compiled.network == network
    assert compiled.templates_folder == tmp_path / "templates_out" / "team"
    assert (compiled.region, list(compiled.templates.files)) == ("us-west-2", ["root.yaml"])
