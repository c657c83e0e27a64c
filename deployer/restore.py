"""Finds the backups with which the database of a deployed environment goes back to a moment; nothing is changed."""

from dataclasses import dataclass
from datetime import datetime

from deployer.aws.session import Session
from deployer.databases.moments import outside
from deployer.databases.roster import deployed_database
from deployer.health.missing import all_resources
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import check_account, existing_stack
from spec.environment import Environment
from spec.errors import Refusal

_INSTANCE = "Instance"


class RestoreRefusal(Refusal):
    """The database cannot go back to that moment."""


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """The instance that Airflow uses: its logical path, its resource id, and which of the environment it is, from 1."""

    path: str
    instance: str
    generation: int


def find_backups(env: Environment, session: Session, moment: datetime) -> Deployed:
    """Return the instance whose backups reach the moment. Raises `Refusal` where there is none."""
    check_account(env, session)
    stack = existing_stack(env, session)
    outputs = read_outputs(stack)
    if why := deployed_database(outputs).NO_SNAPSHOT:
        raise RestoreRefusal(
            f"{env.name} {why}, of which RDS keeps no backups.",
            next_step="Read a dump of it: `windsock tunnel` leads there.",
        )
    deployed = _deployed(session, stack.id, outputs)
    fault = outside(deployed.instance, moment, session.rds.restore_window(deployed.instance))
    if fault:
        raise RestoreRefusal(f"The database of {env.name} cannot go back to that moment.", why=fault)
    return deployed


def _deployed(session: Session, stack: str, outputs: Outputs) -> Deployed:
    resources = all_resources(session, stack).items()
    path = next(path for path, resource in resources if resource.physical_id == outputs.database)
    number = path.rpartition("/")[2].removeprefix(_INSTANCE)
    return Deployed(path=path, instance=session.rds.resource_id(outputs.database), generation=int(number or 1))
