"""Network interfaces: where in a VPC a task, a load balancer, a database or a mount target stands."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Placement:
    """The subnet and the security groups of an interface, and whether it has a public address too."""

    subnet: str
    groups: tuple[str, ...]
    public: bool = False


@dataclass(frozen=True, kw_only=True)
class Interface:
    """An address of the emulator with its placement; `owner` is what it belongs to, such as `task 3f2a`."""

    address: str
    owner: str
    placement: Placement


@dataclass(frozen=True)
class Flow:
    """A protocol by its name in a security group rule, and the port at the target; -1 where there are no ports."""

    protocol: str
    port: int = -1

    def __str__(self) -> str:
        """Write it as in `tcp 5432`."""
        return f"{self.protocol} {self.port}" if self.port >= 0 else self.protocol


HTTPS = Flow("tcp", 443)
NFS = Flow("tcp", 2049)
