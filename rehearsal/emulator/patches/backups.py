"""Vaults, plans and selections of AWS Backup as resources of CloudFormation, and what AWS Backup refuses about them.

Sources: CreateBackupVault, DeleteBackupVault, CreateBackupPlan, DeleteBackupPlan, CreateBackupSelection and Lifecycle,
AWS Backup API Reference, https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Operations.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError
from ministack.services import backup, iam
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.iam.principals import trusts
from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.rules.schedule_expressions import Timing, last_due

VAULT, PLAN, SELECTION = (f"AWS::Backup::Backup{name}" for name in ("Vault", "Plan", "Selection"))
PRINCIPAL = "backup.amazonaws.com"
COLD_DAYS = 90
"""How long a copy stays in cold storage at least."""
LEAST_WINDOW = 60
"""Minutes in which a job must be able to begin."""

Answer = Any


def apply(handlers: ResourceHandlers) -> None:
    """Let the API refuse what AWS Backup refuses, and CloudFormation ask the API."""
    rebind(backup, "_delete_vault", _refusing(_full_vault), takes="name")
    rebind(backup, "_create_plan", _refusing(_unfit_plan), takes="body")
    rebind(backup, "_update_plan", _refusing(lambda _, body: _unfit_plan(body)), takes="plan_id body")
    rebind(backup, "_delete_plan", _refusing(_used_plan), takes="plan_id")
    rebind(backup, "_create_selection", _refusing(lambda _, body: _unfit_role(body)), takes="plan_id body")
    create_vault, update_vault = (handlers.original(VAULT, action) for action in ("create", "update"))

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        if properties["BackupVaultName"] in backup._vaults:
            raise ValueError(f"Backup vault with the same name already exists: {properties['BackupVaultName']}")
        created: Created = create_vault(logical_id, properties, stack)
        _lock(created[0], properties)
        return created

    def update(physical_id: str, old: Any, new: dict[str, Any], stack: str, logical_id: str) -> Created:
        updated: Created = update_vault(physical_id, old, new, stack, logical_id)
        _lock(updated[0], new)
        return updated

    def delete(physical_id: str, _properties: Any) -> None:
        if physical_id in backup._vaults:
            _asked(handlers.api("backup").delete_backup_vault, BackupVaultName=physical_id)

    handlers.put(VAULT, create=create, update=update, delete=delete)
    _put_plans(handlers)
    _put_selections(handlers)


def _put_plans(handlers: ResourceHandlers) -> None:
    create_plan = handlers.original(PLAN, "create")

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        if reason := _unfit_plan(provisioners._backup_plan_body(properties)):
            raise ValueError(reason)
        created: Created = create_plan(logical_id, properties, stack)
        return created

    def delete(physical_id: str, _properties: Any) -> None:
        if physical_id in backup._plans:
            _asked(handlers.api("backup").delete_backup_plan, BackupPlanId=physical_id)

    handlers.put(PLAN, create=create, delete=delete)


def _put_selections(handlers: ResourceHandlers) -> None:
    def create(_logical_id: str, properties: dict[str, Any], _stack: str) -> Created:
        plan, selection = properties["BackupPlanId"], properties["BackupSelection"]
        ask = handlers.api("backup").create_backup_selection
        identity = _asked(ask, BackupPlanId=plan, BackupSelection=selection)["SelectionId"]
        return f"{identity}_{plan}", {"SelectionId": identity, "BackupPlanId": plan}

    def delete(physical_id: str, _properties: Any) -> None:
        identity, _, plan = physical_id.partition("_")
        if identity in backup._selections:
            _asked(handlers.api("backup").delete_backup_selection, BackupPlanId=plan, SelectionId=identity)

    handlers.put(SELECTION, create=create, delete=delete)


def _refusing(reason: Callable[..., str]) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Return what answers with an error where there is a reason for one."""

    def correct(answer: Callable[..., Answer]) -> Callable[..., Answer]:
        def refuse_or_answer(*given: Any) -> Answer:
            why = reason(*given)
            return backup._err("InvalidRequestException", why) if why else answer(*given)

        return refuse_or_answer

    return correct


def _full_vault(name: str) -> str:
    count = (backup._vaults.get(name) or {}).get("NumberOfRecoveryPoints", 0)
    return f"Backup vault cannot be deleted (contains {count} recovery points)" if count else ""


def _unfit_plan(body: Mapping[str, Any]) -> str:
    return next((reason for rule in body["BackupPlan"].get("Rules", ()) for reason in _unfit_rule(rule)), "")


def _unfit_rule(rule: Mapping[str, Any]) -> Iterator[str]:
    """Yield why a rule of a plan cannot be."""
    name = rule["RuleName"]
    if rule["TargetBackupVaultName"] not in backup._vaults:
        yield f"Backup vault {rule['TargetBackupVaultName']} of rule {name} does not exist"
    try:
        last_due(Timing(expression=rule.get("ScheduleExpression", "rate(1 day)")), 0.0, 0.0)
    except (ValueError, LookupError) as error:
        yield f"Invalid schedule expression of rule {name}: {error}"
    if int(rule.get("StartWindowMinutes", LEAST_WINDOW)) < LEAST_WINDOW:
        yield f"Invalid backup start window of rule {name}: it must be at least {LEAST_WINDOW} minutes"
    cold, end = (rule.get("Lifecycle", {}).get(f"{step}AfterDays") for step in ("MoveToColdStorage", "Delete"))
    if cold is not None and end is not None and int(end) < int(cold) + COLD_DAYS:
        yield f"Rule {name}: DeleteAfterDays cannot be less than {COLD_DAYS} days apart from MoveToColdStorageAfterDays"


def _used_plan(plan_id: str) -> str:
    used = any(selection["BackupPlanId"] == plan_id for selection in list(backup._selections.values()))
    return "Related backup plan selections must be deleted prior to backup plan deletion" if used else ""


def _unfit_role(body: Mapping[str, Any]) -> str:
    role = body["BackupSelection"]["IamRoleArn"]
    return "" if assumes(role) else f"IAM Role {role} cannot be assumed by AWS Backup"


def assumes(role: str) -> bool:
    """Whether AWS Backup can assume a role."""
    known = iam._roles.get(role.rpartition("/")[2])
    return known is not None and trusts(role, PRINCIPAL, {"aws:SourceAccount": role.split(":")[4]})


def _lock(name: str, properties: Mapping[str, Any]) -> None:
    """Note the lock of a vault, as DescribeBackupVault tells it."""
    lock = properties.get("LockConfiguration") or {}
    days = {key: int(lock[key]) for key in ("MinRetentionDays", "MaxRetentionDays") if key in lock}
    vault = backup._vaults[name]
    for key in ("MinRetentionDays", "MaxRetentionDays"):
        vault.pop(key, None)
    vault.update({"Locked": bool(lock), **days})


def _asked(ask: Callable[..., Any], **request: Any) -> Any:
    """Return what the API answers; CloudFormation reports an error in its words."""
    try:
        return ask(**request)
    except ClientError as error:
        raise ValueError(str(error)) from None
