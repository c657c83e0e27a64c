"""Says which tests never run at a time: those of a module, and those of modules that keep the same rehearsals."""

from xdist.scheduler import LoadFileScheduling

KEEPING_AN_EXAMPLE = frozenset(
    f"tests/life/{module}.py"
    for module in (
        "enforcement/test_enforcement",
        "test_branch",
        "test_branches",
        "test_changes",
        "test_development",
        "test_life",
        "test_lifetime",
        "test_tunnel_and_shell",
    )
)
"""Modules that keep rehearsals of env.example.yaml or of an example: two of one name cannot be kept."""


def together(file: str) -> str:
    """Return the name of what a test module belongs to; tests of one name never run at a time."""
    return "examples" if file in KEEPING_AN_EXAMPLE else file


class SideBySide(LoadFileScheduling):
    """Gives each process whole modules, in their order."""

    def _split_scope(self, nodeid: str) -> str:
        return together(super()._split_scope(nodeid))
