"""One row of the table of connections."""

from dataclasses import dataclass

INTERNET = "internet"
"""The target of connections that leave the VPC."""


@dataclass(frozen=True, kw_only=True)
class Connection:
    """`source` opens TCP connections to `port` of `target`; without a port, to any port with any protocol.

    Source and target are names of security groups, such as `dag_processor` or `file_system`. The source may be a CIDR
    instead, the target `INTERNET`.
    """

    source: str
    target: str
    port: int | None
    why: str
    logical_id: str = ""
    """Logical id of the rule where it does not follow from source and target."""
