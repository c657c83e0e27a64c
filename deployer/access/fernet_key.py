"""Takes over the Fernet key of another Airflow, which reads what the dump of its database has encrypted."""

import re

from compiler.contract import FERNET_SEED_SECRET, SECRETS, title
from deployer.aws.session import Session
from deployer.health.missing import all_resources
from deployer.stacks.outputs import Outputs
from spec.environment import Environment
from spec.errors import Refusal

_KEYS = re.compile(r"[A-Za-z0-9_-]{43}=(,[A-Za-z0-9_-]{43}=)*")
"""One key, or several after a rotation. Source: "Rotating encryption keys", Airflow's documentation."""

_PADDING = "="
"""What ends a Fernet key, and is left out of the seed that containers make it of."""


class FernetKeyRefusal(Refusal):
    """There is no Fernet key for a dump."""


def refuse_unfit_key(env: Environment, session: Session) -> None:
    """Refuse a secret of the YAML that is not there, or holds no Fernet key; its value is quoted nowhere."""
    _key(env, session)


def take_over_key(env: Environment, session: Session, outputs: Outputs) -> bool:
    """Give the environment the key, unless it has it or the YAML names none; return whether it changed."""
    key = _key(env, session)
    if not key:
        return False
    seed = all_resources(session, outputs.stack_id)[f"{title(SECRETS)}/{FERNET_SEED_SECRET}"].physical_id
    if session.secrets.read(seed) == key.removesuffix(_PADDING):
        return False
    session.secrets.fill(seed, key.removesuffix(_PADDING))
    return True


def _key(env: Environment, session: Session) -> str:
    name = env.database.dump.fernet_key if env.database.dump else None
    if name is None:
        return ""
    held = session.secrets.held(name)
    key = held.value.strip() if held else ""
    if not _KEYS.fullmatch(key):
        raise FernetKeyRefusal(
            f"The secret {name} {'holds no Fernet key' if held else 'is not there'}; nothing was changed.",
            why="database.restore_from.fernet_key names it: it reads what the dump has encrypted.",
            next_step="Store the value of core.fernet_key of that Airflow: `windsock secrets set ENV fernet-key`.",
        )
    return key
