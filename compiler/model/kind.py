"""What the kinds of every section have in common: each is made for an environment."""

from typing import Generic, TypeVar

from spec.environment import Environment

SectionT = TypeVar("SectionT")


class OfEnvironment:
    """A kind to which the environment alone says what it needs to know."""

    def __init__(self, env: Environment) -> None:
        self.env = env


class OfSection(OfEnvironment, Generic[SectionT]):
    """A kind with keys of its own: the section has them."""

    def __init__(self, env: Environment, section: SectionT) -> None:
        super().__init__(env)
        self.section = section
