"""The table of own calls has every call that the clients can make, and no other."""

import ast
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from deployer import aws
from deployer.account.quotas import QUOTAS
from deployer.permissions.own_calls import CALLS, OF_NETWORKS, PUSHES_IMAGES, Purpose, network_actions, own_actions
from deployer.permissions.reference import actions

FOLDER = Path(aws.__file__).parent
SERVICES = {
    "load_balancer": "elbv2",
    "parameters": "ssm",
    "quotas": "service-quotas",
    "secrets_manager": "secretsmanager",
}
"""The services of clients whose module has another name."""
OF_EVERY_CLIENT = frozenset({"can_paginate", "get_paginator"})
"""Methods that call nothing."""


def test_every_call_of_the_clients_is_in_the_table() -> None:
    """A new call fails here until somebody says which permission it takes, and what it is for."""
    counted = {f"{quota.kind.service}.{quota.kind.operation}" for quota in QUOTAS}
    assert set(CALLS) == {call for path in FOLDER.glob("*.py") for call in _calls(path)} | counted


@pytest.mark.parametrize("service", sorted({call.partition(".")[0] for call in CALLS}))
def test_every_call_is_one_of_boto3(service: str) -> None:
    """Its name is that of a method, in the service's own spelling."""
    model = botocore.session.Session().get_service_model(service)
    methods = {f"{service}.{xform_name(name)}" for name in model.operation_names}
    assert {call for call in CALLS if call.startswith(f"{service}.")} <= methods


def test_every_action_is_one_that_iam_knows() -> None:
    """The reference has it."""
    assert own_actions(Purpose) <= actions().keys()


def test_only_a_deploy_pushes_images() -> None:
    """A push of code leaves the image as it is."""
    assert own_actions([Purpose.DEPLOY]) >= set(PUSHES_IMAGES)
    assert not own_actions([Purpose.PUSH, Purpose.WATCH, Purpose.TEARDOWN]) & set(PUSHES_IMAGES)


def test_who_watches_changes_nothing_but_tasks_and_sessions() -> None:
    """A shell runs in a task of its own, which is stopped again."""
    changing = {action for action in own_actions([Purpose.WATCH]) if actions()[action].level not in {"Read", "List"}}
    assert changing == {
        "ecs:ExecuteCommand",
        "ecs:RunTask",
        "ecs:StopTask",
        "ecs:TagResource",
        "iam:PassRole",
        "ssm:StartSession",
        "ssm:TerminateSession",
    }


def test_every_call_about_a_network_is_one_of_the_table() -> None:
    """A deploy of one has what a look needs, and nobody pushes to it."""
    assert {call for calls in OF_NETWORKS.values() for call in calls} <= CALLS.keys()
    assert network_actions([Purpose.WATCH]) < network_actions([Purpose.DEPLOY]) < own_actions(Purpose)
    assert network_actions([Purpose.PUSH]) == frozenset()


def _name(owner: ast.expr) -> str:
    """Return the name of a variable, or of an attribute."""
    return owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""


def _calls(path: Path) -> Iterator[str]:
    """Yield `service.method` for each call of a boto3 client in a module of clients."""
    service = SERVICES.get(path.stem, path.stem)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, method = node.func.value, node.func.attr
        if method == "get_paginator" and node.args and isinstance(node.args[0], ast.Constant):
            yield f"{service}.{ast.literal_eval(node.args[0])}"
        elif (name := _name(owner)) in {"client", "ecs", "ssm"} and method not in OF_EVERY_CLIENT:
            yield f"{service if name == 'client' else name}.{method}"
        elif isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute) and owner.func.attr == "client":
            yield f"{ast.literal_eval(owner.args[0])}.{method}"
