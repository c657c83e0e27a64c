"""A DB instance has a real Postgres behind its endpoint, which stops and starts; deletion protection protects it."""
# ruff: noqa: SLF001  what needs correcting is not public

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ministack.core.concurrency import spawn_background
from ministack.core.responses import request_scope
from ministack.services import rds

from rehearsal.emulator.context import Context
from rehearsal.emulator.patches import database_origins
from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind_action
from rehearsal.emulator.rds.backups import Origin
from rehearsal.emulator.rds.postgres import Login, Postgres
from rehearsal.emulator.rules import instance_changes
from rehearsal.emulator.rules.connection_rules import ConnectionRules, rules_of

KIND = "AWS::RDS::DBInstance"
DEFAULT_PORT = 5432


@dataclass(frozen=True)
class Transition:
    """The status that a call requires of an instance, its status meanwhile, and its status afterwards."""

    before: str
    meanwhile: str
    after: str


STOPPED = "stopped"
REFUSED_BY = ("EngineVersion", "AllowMajorVersionUpgrade", "DBParameterGroupName", "AllocatedStorage")
"""The parameters of ModifyDBInstance for which RDS may refuse the whole."""
TRANSITIONS = {
    "StopDBInstance": Transition("available", "stopping", STOPPED),
    "StartDBInstance": Transition(STOPPED, "starting", "available"),
}


class Databases:
    """The servers of all instances."""

    def __init__(self, handlers: ResourceHandlers, context: Context) -> None:
        self._handlers = handlers
        self._context = context
        self._create_record = handlers.original(KIND, "create")
        self._delete_record = handlers.original(KIND, "delete")
        self._update_record = handlers.original(KIND, "update")
        self._running: dict[str, Postgres] = {}
        self._lock = threading.Lock()

    def apply(self) -> None:
        """Create, stop, start and delete a server with its instance."""
        self._handlers.put(KIND, create=self._create, update=self._update, delete=self._delete)
        rebind_action(rds, "ModifyDBInstance", _modifying)
        for action, transition in TRANSITIONS.items():
            rebind_action(rds, action, self._changing(transition))

    def are_changing(self) -> bool:
        """Whether instances are stopping or starting."""
        meanwhile = {transition.meanwhile for transition in TRANSITIONS.values()}
        return any(instance["DBInstanceStatus"] in meanwhile for instance in list(rds._instances.values()))

    def server(self, identifier: str) -> Postgres | None:
        """Return the server behind an instance; None where it has none."""
        with self._lock:
            return self._running.get(identifier)

    def fail_over(self, identifier: str) -> None:
        """Let the standby of an instance take over."""
        postgres = self.server(identifier)
        if postgres is not None:
            spawn_background(postgres.fail_over, thread_name=f"standby-{identifier}")

    def _create(self, logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        with database_origins.opened(self._context, properties, self.server) as (inherited, origin):
            return self._begin_with(origin, logical_id, {**properties, **inherited}, stack)

    def _begin_with(self, origin: Origin | None, logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        identifier, attributes = self._create_record(logical_id, properties, stack)
        if properties.get("Engine") != "postgres":
            return identifier, attributes
        try:
            rules = partial(self._rules, identifier)
            postgres = Postgres(identifier, login(properties), self._context, rules, origin=origin)
        except Exception:
            self._delete_record(identifier, properties)
            raise
        with self._lock:
            self._running[identifier] = postgres
        rds._instances[identifier]["Endpoint"]["Address"] = postgres.endpoint
        return identifier, {**attributes, "Endpoint.Address": postgres.endpoint}

    def _rules(self, identifier: str) -> ConnectionRules:
        settings = self._context.settings
        with request_scope(settings.account, settings.region):
            instance = rds._instances[identifier]
            names = [group["DBParameterGroupName"] for group in instance["DBParameterGroups"]]
            groups = [rds._param_groups[name]["Parameters"] for name in names if name in rds._param_groups]
            return rules_of(instance["EngineVersion"], groups)

    def _delete(self, physical_id: str, properties: Any) -> None:
        if (rds._instances.get(physical_id) or {}).get("DeletionProtection"):
            raise ValueError(
                "Cannot delete protected DB Instance, please disable deletion protection and try again. "
                "(Service: Rds, Status Code: 400)"
            )
        with self._lock:
            postgres = self._running.pop(physical_id, None)
        if postgres:
            postgres.close()
        self._delete_record(physical_id, properties)

    def _update(self, physical_id: str, old: Any, new: Any, stack: str, logical_id: str | None) -> Created:
        changed = {name: value for name, value in new.items() if old.get(name) != value}
        instance = rds._instances.get(physical_id)
        if changed.keys() - {"Tags"} and instance is not None and (refused := _refusal(instance, new)):
            code, reason = refused
            raise ValueError(f"{reason} (Service: Rds, Status Code: 400, Error Code: {code})")
        updated: Created = self._update_record(physical_id, old, new, stack, logical_id)
        return updated

    def _changing(self, transition: Transition) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Correct an action that stops or starts an instance: it does so to the server behind it too."""

        def correct(answer: Callable[..., Any]) -> Callable[..., Any]:
            def change(request: Any) -> Any:
                identifier = rds._p(request, "DBInstanceIdentifier")
                instance = rds._instances.get(identifier)
                if instance is not None and instance["DBInstanceStatus"] != transition.before:
                    reason = f"Instance {identifier} is not in {transition.before} state."
                    return rds._error("InvalidDBInstanceState", reason, 400)
                answered = answer(request)
                if instance is not None:
                    self._begin(identifier, instance, transition)
                return answered

            return change

        return correct

    def _begin(self, identifier: str, instance: dict[str, Any], transition: Transition) -> None:
        postgres = self.server(identifier)
        if postgres is not None:
            instance["DBInstanceStatus"] = transition.meanwhile
            name = f"{transition.after}-{identifier}"
            spawn_background(_finish, instance, postgres, transition.after, thread_name=name)


def _modifying(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse what RDS refuses to a caller of its API too."""

    def modify_or_refuse(request: Any) -> Any:
        instance = rds._instances.get(rds._p(request, "DBInstanceIdentifier"))
        asked = {name: rds._p(request, name) for name in REFUSED_BY}
        if instance is not None and (refused := _refusal(instance, asked)):
            return rds._error(*refused, 400)
        return answer(request)

    return modify_or_refuse


def _refusal(instance: dict[str, Any], changed: dict[str, Any]) -> instance_changes.Refusal | None:
    families = {name: group["DBParameterGroupFamily"] for name, group in rds._param_groups.items()}
    return instance_changes.refusal(instance, changed, families)


def _finish(instance: dict[str, Any], postgres: Postgres, after: str) -> None:
    if after == STOPPED:
        postgres.stop()
    else:
        postgres.start()
    instance["DBInstanceStatus"] = after


def login(properties: dict[str, Any]) -> Login:
    """Read the master user and the first database from the instance's properties."""
    return Login(
        user=properties["MasterUsername"],
        password=properties["MasterUserPassword"],
        database=properties.get("DBName") or "postgres",
        port=int(properties.get("Port") or DEFAULT_PORT),
    )
