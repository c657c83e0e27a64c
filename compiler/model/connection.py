"""One row of the table of connections."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from compiler.contract import title

INTERNET = "internet"
"""The target of connections that leave the VPC."""
Direction = Literal["egress", "ingress"]
"""Which end of a connection a rule opens: its source or its target."""


class Connection(NamedTuple):
    """`source` opens TCP connections to `port` of `target`; without a port, to any port with any protocol.

    Source and target are names of security groups, such as `dag_processor` or `file_system`. The source and the target
    may be a CIDR instead, the target also `INTERNET`.
    """

    source: str
    target: str
    port: int | None
    why: str
    source_is_unbound: bool = False
    """Whether the source may connect to any address by another row, and needs no rule of its own for this one."""
    logical_id: str = ""
    """Logical id of the rule where it does not follow from source and target."""

    @property
    def rule_ids(self) -> Mapping[Direction, str]:
        """Return the logical ids of the rules that the connection needs."""
        stem = self.logical_id or f"{title(self.source)}To{title(self.target)}"
        if "/" in self.source:
            return {"ingress": stem}
        if self.target == INTERNET:
            return {"egress": stem}
        if "/" in self.target:
            return {} if self.source_is_unbound else {"egress": stem}
        target: Mapping[Direction, str] = {"ingress": f"{stem}Ingress"}
        return target if self.source_is_unbound else {"egress": f"{stem}Egress", **target}
