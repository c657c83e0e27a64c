"""What all databases have in common that Windsock makes itself."""

from collections.abc import Mapping

from spec.section import Section
from spec.sections.secret_source import SecretSource


class Made(Section):
    """A database with a stack of its own, which says where it is and has its password generated."""

    @property
    def secret_sources(self) -> Mapping[str, SecretSource]:
        """Where secrets come from that the YAML names for it: none."""
        return {}

    @property
    def address(self) -> str:
        """Where it is: its stack says so."""
        return ""

    @property
    def cidrs(self) -> tuple[str, ...]:
        """The IPv4 blocks outside that have its addresses: none."""
        return ()
