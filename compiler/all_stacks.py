"""Every nested stack by name, in deploy order."""

from collections.abc import Mapping
from types import MappingProxyType

from compiler.model.stack import Stack
from compiler.stacks import (
    alarm,
    backup,
    database,
    edge,
    egress,
    hours,
    keys,
    lifetime,
    network,
    platform,
    registry,
    secrets,
    services,
    storage,
)

ALL_STACKS: Mapping[str, Stack] = MappingProxyType(
    {
        "lifetime": lifetime,
        "keys": keys,
        "network": network,
        "egress": egress,
        "registry": registry,
        "secrets": secrets,
        "storage": storage,
        "database": database,
        "edge": edge,
        "platform": platform,
        "services": services,
        "hours": hours,
        "alarm": alarm,
        "backup": backup,
    }
)
