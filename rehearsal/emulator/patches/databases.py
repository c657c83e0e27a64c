"""A DB instance has a real Postgres behind its endpoint, which stops and starts; deletion protection protects it."""
# ruff: noqa: SLF001  what needs correcting is not public

import threading
from collections.abc import Callable
from typing import Any

from ministack.core.concurrency import spawn_background
from ministack.services import rds

from rehearsal.emulator.networking.hosts_file import Names
from rehearsal.emulator.patches import handlers
from rehearsal.emulator.rds.postgres import Login, Postgres
from rehearsal.emulator.rules.settings import Settings

KIND = "AWS::RDS::DBInstance"
DEFAULT_PORT = 5432
MOVES = {
    "StopDBInstance": ("available", "stopping", "stopped"),
    "StartDBInstance": ("stopped", "starting", "available"),
}
"""What each call needs an instance to be, what it is meanwhile, and what it is afterwards."""
_MEANWHILE = frozenset(meanwhile for _, meanwhile, _ in MOVES.values())

_running: dict[str, Postgres] = {}
_lock = threading.Lock()


def apply(settings: Settings, names: Names) -> None:
    """Start Postgres with the instance, stop and wipe it with the instance."""
    create, delete = handlers.theirs(KIND)["create"], handlers.theirs(KIND)["delete"]

    def create_real(logical_id: str, properties: dict[str, Any], stack: str) -> handlers.Created:
        identifier, attributes = create(logical_id, properties, stack)
        if properties.get("Engine") != "postgres":
            return identifier, attributes
        try:
            postgres = Postgres(identifier, login(properties), settings, names)
        except Exception:
            delete(identifier, properties)
            raise
        with _lock:
            _running[identifier] = postgres
        rds._instances[identifier]["Endpoint"]["Address"] = postgres.endpoint
        return identifier, {**attributes, "Endpoint.Address": postgres.endpoint}

    def delete_real(physical_id: str, properties: Any) -> None:
        if (rds._instances.get(physical_id) or {}).get("DeletionProtection"):
            raise ValueError(
                "Cannot delete protected DB Instance, please disable deletion protection and try again. "
                "(Service: Rds, Status Code: 400)"
            )
        with _lock:
            postgres = _running.pop(physical_id, None)
        if postgres:
            postgres.close()
        delete(physical_id, properties)

    handlers.put(KIND, create=create_real, delete=delete_real)
    for action, (before, meanwhile, after) in MOVES.items():
        rds._ACTION_MAP[action] = _moving(rds._ACTION_MAP[action], before, meanwhile, after)


def _moving(answer: Callable[..., Any], before: str, meanwhile: str, after: str) -> Callable[..., Any]:
    """Stop or start the server behind an instance: from one state, through another, to a third."""

    def move(request: Any) -> Any:
        identifier = rds._p(request, "DBInstanceIdentifier")
        instance = rds._instances.get(identifier)
        if instance is not None and instance["DBInstanceStatus"] != before:
            state = f"Instance {identifier} is not in {before} state."
            return rds._error("InvalidDBInstanceState", state, 400)
        answered = answer(request)
        with _lock:
            postgres = _running.get(identifier)
        if instance is not None and postgres is not None:
            instance["DBInstanceStatus"] = meanwhile
            spawn_background(_finish, instance, postgres, after, thread_name=f"{after}-{identifier}")
        return answered

    return move


def are_moving() -> bool:
    """Whether there are instances that stop or start right now."""
    return any(instance["DBInstanceStatus"] in _MEANWHILE for instance in list(rds._instances.values()))


def _finish(instance: dict[str, Any], postgres: Postgres, after: str) -> None:
    if after == "stopped":
        postgres.rest()
    else:
        postgres.wake()
    instance["DBInstanceStatus"] = after


def login(properties: dict[str, Any]) -> Login:
    """Who may log in where, from the instance's properties."""
    return Login(
        user=properties["MasterUsername"],
        password=properties["MasterUserPassword"],
        database=properties.get("DBName") or "postgres",
        port=int(properties.get("Port") or DEFAULT_PORT),
    )
