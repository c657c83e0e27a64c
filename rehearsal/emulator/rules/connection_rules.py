"""What an RDS instance says to its clients' connections: whether TLS is forced, and how long it bears silence."""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

TLS_PARAMETER = "rds.force_ssl"
FIRST_BY_DEFAULT = 15
SILENCE: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "tcp_keepalives_idle": (socket.TCP_KEEPIDLE, 300),
        "tcp_keepalives_interval": (socket.TCP_KEEPINTVL, 30),
        "tcp_keepalives_count": (socket.TCP_KEEPCNT, 2),
        "tcp_user_timeout": (socket.TCP_USER_TIMEOUT, 0),
    }
)
"""The option of a socket that each parameter sets, and its default on RDS. Source:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.DeadConnectionHandling.html"""

Group = Mapping[str, Mapping[str, str]]
"""A parameter group as MiniStack keeps one: by name, each with its `ParameterValue`."""


@dataclass(frozen=True)
class ConnectionRules:
    """Whether connections without TLS are refused, and the options of TCP that every connection has."""

    forces_tls: bool
    socket_options: tuple[tuple[int, int], ...] = tuple(SILENCE.values())


def rules_of(version: str, groups: Sequence[Group]) -> ConnectionRules:
    """Return what the parameter groups of an instance say or, where they are silent, the defaults of its version.

    Source: "Requiring an SSL connection to a PostgreSQL DB instance",
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
    """
    said = {name: one["ParameterValue"] for group in reversed(groups) for name, one in group.items()}
    by_default = str(int(int(version.partition(".")[0]) >= FIRST_BY_DEFAULT))
    options = tuple((option, int(said.get(name, default))) for name, (option, default) in SILENCE.items())
    return ConnectionRules(said.get(TLS_PARAMETER, by_default) == "1", options)
