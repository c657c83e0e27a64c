"""A new account has no service-linked role: ECS refuses capacity providers the first time, and makes its role then.

A role that somebody made takes some looks until IAM shows it, and until ECS can assume it.

Sources: https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/818 ("Unable to assume the service
linked role"; the second try succeeds); "Using service-linked roles for Amazon ECS",
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html; CreateServiceLinkedRole,
https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ministack.services import ecs, iam

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind_action
from rehearsal.emulator.rules.lag import Lag

KIND = "AWS::ECS::Cluster"
ECS = "ecs.amazonaws.com"
NAMES: Mapping[str, str] = {
    ECS: "AWSServiceRoleForECS",
    "backup.amazonaws.com": "AWSServiceRoleForBackup",
    "elasticfilesystem.amazonaws.com": "AWSServiceRoleForAmazonElasticFileSystem",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "rds.amazonaws.com": "AWSServiceRoleForRDS",
}
"""MiniStack makes the name from that of the service, and gets the capital letters wrong."""
REFUSAL = "Unable to assume the service linked role. Please verify that the ECS service linked role exists."
TAKEN = "Service role name {name} has been taken in this account, please try a different suffix."

Answering = Callable[[dict[str, Any]], Any]


def apply(handlers: ResourceHandlers) -> None:
    """Name the roles as AWS does, and let ECS ask for its own."""
    create = handlers.original(KIND, "create")
    make, lag = iam._create_service_linked_role, Lag()
    rebind_action(iam, "CreateServiceLinkedRole", partial(_naming, lag))
    rebind_action(iam, "GetRole", partial(_getting, lag))
    for action in ("CreateCluster", "PutClusterCapacityProviders"):
        rebind_action(ecs, action, lambda answer: _asking(answer, make, lag))

    def create_cluster(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        if properties.get("CapacityProviders") and not _exists(make, lag):
            raise ValueError(f"{REFUSAL} (Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException)")
        created: Created = create(logical_id, properties, stack)
        return created

    handlers.put(KIND, create=create_cluster)


def _naming(lag: Lag, make: Answering) -> Answering:
    def make_once(request: dict[str, Any]) -> Any:
        service = iam._p(request, "AWSServiceName")
        name = NAMES.get(service)
        if name is None:
            return make(request)
        if name in iam._roles:
            return iam._error(400, "InvalidInput", TAKEN.format(name=name), ns="iam")
        _make(service, name, make)
        lag.start(name)
        role = iam._role_xml(name)
        answer = f"<CreateServiceLinkedRoleResult><Role>{role}</Role></CreateServiceLinkedRoleResult>"
        return iam._xml(200, "CreateServiceLinkedRoleResponse", answer, ns="iam")

    return make_once


def _getting(lag: Lag, get: Answering) -> Answering:
    """Answer for a role that was just made as for one that there is not."""

    def get_role(request: dict[str, Any]) -> Any:
        name = iam._p(request, "RoleName")
        if name in iam._roles and not lag.look(name):
            return iam._error(404, "NoSuchEntity", f"The role with name {name} cannot be found.", ns="iam")
        return get(request)

    return get_role


def _asking(answer: Answering, make: Answering, lag: Lag) -> Answering:
    def ask_for_role(request: dict[str, Any]) -> Any:
        if request.get("capacityProviders") and not _exists(make, lag):
            return ecs.error_response_json("InvalidParameterException", REFUSAL, 400)
        return answer(request)

    return ask_for_role


def _exists(make: Answering, lag: Lag) -> bool:
    """Whether the role of ECS was there, and has arrived; it is there afterwards."""
    name = NAMES[ECS]
    if name in iam._roles:
        return lag.look(name)
    _make(ECS, name, make)
    return False


def _make(service: str, name: str, make: Answering) -> None:
    before = set(iam._roles)
    make({"AWSServiceName": [service]})
    (made,) = set(iam._roles) - before
    role = iam._roles.pop(made)
    iam._roles[name] = {**role, "RoleName": name, "Arn": role["Arn"].replace(made, name)}
