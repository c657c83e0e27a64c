"""What lives in one account and region under one name: an environment, or the network of several."""

from typing import Protocol

from spec.sections.aws import Aws


class Owner(Protocol):
    """An environment or a network: what both have."""

    @property
    def name(self) -> str:
        """Names its stack, and everything in it."""
        ...

    @property
    def aws(self) -> Aws:
        """Account and region."""
        ...
