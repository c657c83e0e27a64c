"""The live tree shows the descriptions in the templates."""

from pathlib import Path

from cli.compiling.compiled import compile_yaml
from cli.terminal.resource_descriptions import descriptions


def test_every_resource_is_described(checkout: Path) -> None:
    """Nested stacks and their resources are found under their logical paths."""
    assert checkout.is_dir()
    found = descriptions(compile_yaml(Path("env.yaml")).templates)
    assert found["Network/Vpc"] == "VPC of this environment"
    assert len(found) > 50
    assert {path.partition("/")[0] for path in found} >= {"Network", "Database", "Services"}
