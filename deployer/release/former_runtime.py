"""Finds the files of an earlier Windsock that deployed containers read: they came with the code, not in the image."""

from collections.abc import Collection

from compiler.contract import AIRFLOW, AIRFLOW_HOME, WEBSERVER_CONFIG
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs

FORMER_FILES = frozenset(
    {
        "config/gunicorn_json.py",
        "config/json_log.py",
        "config/log_config.py",
        "config/windsock/task_logs.py",
        "config/windsock/workers.py",
        "config/windsock_login.py",
    }
)
_FORMER_LINK = f"ln -sfn {AIRFLOW_HOME}/config/{WEBSERVER_CONFIG} "
"""Begins the command of the containers that read them."""


def files_still_read(session: Session, outputs: Outputs, held: Collection[str]) -> frozenset[str]:
    """Return those files of `held` that must stay until a deploy replaces the containers.

    Without them a container that starts meanwhile, or after a rollback, would die.
    """
    present = FORMER_FILES & frozenset(held)
    if not present:
        return present
    containers = session.ecs.task_definition(outputs.command_task)["containerDefinitions"]
    commands = (" ".join(one.get("command") or ()) for one in containers if one["name"] == AIRFLOW)
    return present if any(_FORMER_LINK in command for command in commands) else frozenset()
