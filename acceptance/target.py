"""A deployed environment as the checks see it: from outside."""

from dataclasses import dataclass
from pathlib import Path

from acceptance.logins.kind import Login
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs
from spec.environment import Environment


@dataclass(frozen=True, kw_only=True)
class Target:
    """A deployed environment, its AWS, and the address of its web server; `home` is the folder its code came from."""

    env: Environment
    session: Session
    outputs: Outputs
    web_url: str
    home: Path
    login: Login
