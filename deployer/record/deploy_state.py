"""The deploy state: a parameter that says what is done in an environment, so that a later run need not do it again."""

import dataclasses
import json
from dataclasses import dataclass

from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs

KEY = "windsock.json"
"""Where the code bucket holds the deploy state of an environment that has no parameter for it yet."""


@dataclass(frozen=True, kw_only=True)
class DeployState:
    """What is done. Every field is empty until it is; each is written after the work it stands for.

    `airflow_version`, `database` and `image` say which database was initialised for which release and last migrated by
    which image; `admin` whose account was made there. `code` is what the file system `file_system` holds, `restart`
    what of it the services read when they started. `run` names the one-off tasks of a run that may still be going on.
    While a migration to another release is under way, `migrating` names that release, `migrating_image` what runs it.
    `snapshot` is the one of the database that the upgrade under way has taken, or is about to take. `dump` is the hash
    of the one that the database began with.
    """

    airflow_version: str = ""
    database: str = ""
    image: str = ""
    admin: str = ""
    code: str = ""
    file_system: str = ""
    restart: str = ""
    run: str = ""
    migrating: str = ""
    migrating_image: str = ""
    snapshot: str = ""
    dump: str = ""


NOTHING = DeployState()


def read_deploy_state(session: Session, outputs: Outputs) -> DeployState:
    """Return the deploy state of an environment, an empty one when there is none yet."""
    stored = _read_parameter(session, outputs)
    if stored != NOTHING:
        return stored
    return _parse(session.s3.get(outputs.code_bucket, KEY))


def write_deploy_state(session: Session, outputs: Outputs, state: DeployState) -> DeployState:
    """Store the deploy state and return it."""
    text = json.dumps(dataclasses.asdict(state), indent=2) + "\n"
    if outputs.state_parameter:
        session.parameters.write(outputs.state_parameter, text)
    else:
        session.s3.put(outputs.code_bucket, KEY, text.encode())
    return state


def keep_deploy_state(session: Session, outputs: Outputs, known: DeployState) -> None:
    """Write the state again where an update of the stack has reset its parameter, or has only now made it.

    CloudFormation writes the whole parameter when one of its properties changes, a tag for example.
    """
    if known != NOTHING and outputs.state_parameter and _read_parameter(session, outputs) == NOTHING:
        write_deploy_state(session, outputs, known)


def _read_parameter(session: Session, outputs: Outputs) -> DeployState:
    return _parse(session.parameters.read(outputs.state_parameter)) if outputs.state_parameter else NOTHING


def _parse(text: str | bytes | None) -> DeployState:
    try:
        given = json.loads(text) if text else {}
    except ValueError:
        given = {}  # what cannot be read says nothing; all that the state spares can be done again
    known = {field.name for field in dataclasses.fields(DeployState)}
    held = given if isinstance(given, dict) else {}
    return DeployState(**{name: str(value) for name, value in held.items() if name in known})
