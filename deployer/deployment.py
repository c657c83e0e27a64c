"""The result of a deploy, as a value to show."""

from dataclasses import dataclass
from datetime import datetime

from deployer.health.verify import Health
from deployer.stacks.outputs import Outputs


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A deployed environment. `admin_secret` is the ARN of the secret with the admin's password, `expires` when it
    deletes itself, if it does. `errors` are the files that Airflow cannot import, each with its line.
    """

    name: str
    url: str
    airflow_version: str
    admin_username: str
    admin_secret: str
    image: str
    code_version: str
    changed: bool
    outputs: Outputs
    health: Health
    redirect_uris: tuple[str, ...]
    expires: datetime | None = None
    errors: tuple[str, ...] = ()
