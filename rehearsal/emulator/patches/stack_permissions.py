"""CloudFormation works on a stack with the rights of its service role, or of whoever asked for it.

Source: "AWS CloudFormation service role", AWS CloudFormation User Guide.
"""

import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import _stacks, provisioners, stacks

from rehearsal.emulator.iam import handler_rights
from rehearsal.emulator.iam.access import Access
from rehearsal.emulator.iam.api_call import ApiCall
from rehearsal.emulator.iam.decisions import AccessDeniedError
from rehearsal.emulator.iam.handler_rights import UnknownTypeError, Work
from rehearsal.emulator.iam.principals import Principal, trusts
from rehearsal.emulator.iam.resources import ANY, ARN, PARTITION
from rehearsal.emulator.iam.state import MiniStackState
from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.patches.resource_checks import PROVISION, UPDATE

CHANGES = ("CreateStack", "CreateChangeSet", "UpdateStack", "DeleteStack", "ContinueUpdateRollback", "RollbackStack")
SERVICE = "cloudformation.amazonaws.com"
GONE = "DELETE_COMPLETE"
OF_NESTED = {
    "_provision_resource": "kind logical_id properties rest",
    "_update_resource": "kind physical_id old new stack logical_id attributes",
    "_delete_resource": "resource_type physical_id props stack_name logical_id",
}
"""The functions for nested stacks, with the parameters that patches/references.py leaves them."""
OF_ROOTS = {
    "_provision_resource": PROVISION,
    "_update_resource": UPDATE,
    "_delete_resource": "kind physical_id properties stack logical_id",
}
"""Those for root stacks, with the parameters that patches/nested_stacks.py leaves them."""
LOWER = ("AWS::S3::Bucket", "AWS::RDS::DBInstance", "AWS::RDS::DBParameterGroup", "AWS::RDS::DBSubnetGroup")
BALANCED: Mapping[str, str] = MappingProxyType(
    {
        "AWS::ElasticLoadBalancingV2::Listener": "listener/app/*/*/*",
        "AWS::ElasticLoadBalancingV2::ListenerRule": "listener-rule/app/*/*/*/*",
        "AWS::ElasticLoadBalancingV2::LoadBalancer": "loadbalancer/app/*/*",
        "AWS::ElasticLoadBalancingV2::TargetGroup": "targetgroup/*/*",
    }
)
"""Types whose id is an ARN with more than their name. Source:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html"""
NAMES = ("Name", "RoleName", "LogGroupName", "RepositoryName", "BucketName", "ClusterName")
"""Properties with which a template names a resource itself."""
FAMILY = ("Family",)


class StackPermissions:
    """Knows with whose rights each stack is worked on, and checks every handler."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._state = MiniStackState()
        self._callers: dict[str, Principal] = {}
        self._roles: dict[str, str] = {}
        self._lock = threading.Lock()

    def apply(self) -> None:
        """Wrap the handlers where both kinds of stacks call them, and listen to the API."""
        self._access.authorizer.listeners.append(self._hear)
        checks = {
            "_provision_resource": self._creating,
            "_update_resource": self._updating,
            "_delete_resource": self._deleting,
        }
        for module, functions in ((provisioners, OF_NESTED), (stacks, OF_ROOTS)):
            for name, takes in functions.items():
                rebind(module, name, checks[name], takes=takes)

    def _hear(self, call: ApiCall, principal: Principal) -> None:
        """Note who changes a stack; its service role stays until another is given, or the stack is gone."""
        if call.service != "cloudformation" or call.operation not in CHANGES:
            return
        name = _stack_name((call.values("StackName") or ("",))[0])
        with self._lock:
            self._callers[name] = principal
            if (_stacks.get(name) or {}).get("StackStatus", GONE) == GONE:
                self._roles.pop(name, None)
            if role := call.values("RoleARN"):
                self._roles[name] = role[0]

    def _worker(self, stack: str) -> Principal | None:
        """Return with whose rights CloudFormation works on a stack; None when nobody asked for it through the API.

        Raises:
            ValueError: CloudFormation cannot assume the role of the stack.
        """
        name = stack
        while parent := (_stacks.get(name) or {}).get("_parent_stack_name"):
            name = parent
        with self._lock:
            role, caller = self._roles.get(name), self._callers.get(name)
        if role is None:
            return caller
        if not trusts(role, SERVICE, {"aws:SourceAccount": get_account_id()}):
            raise ValueError(f"Role {role} is invalid or cannot be assumed")
        return self._access.principals.of_role(role, "AWSCloudFormation")

    def _require(self, stack: str, work: Work) -> None:
        """Check the rights of a handler.

        Raises:
            ValueError: one is missing; with the words of a handler's error.
        """
        principal = self._worker(stack)
        if principal is None or principal.policies is None:
            return
        try:
            for requirement in handler_rights.of_work(work, self._state):
                self._access.decisions.require(principal, requirement)
        except AccessDeniedError as denied:
            raise ValueError(
                f'Resource handler returned message: "{denied}" (HandlerErrorCode: AccessDenied)'
            ) from denied
        except UnknownTypeError:
            what = f"The emulator does not know which rights a handler of {work.kind} needs."
            raise ValueError(f"{what} Add the type to handler_permissions.json.") from None

    def _creating(self, create: Callable[..., Any]) -> Callable[..., Any]:
        def create_permitted(resource_type: str, logical_id: str, props: Any, stack_name: str) -> Any:
            name = _future_name(resource_type, logical_id, props, stack_name)
            self._require(stack_name, _work(resource_type, "create", name, props))
            return create(resource_type, logical_id, props, stack_name)

        return create_permitted

    def _updating(self, update: Callable[..., Any]) -> Callable[..., Any]:
        def update_permitted(kind: str, physical_id: str, old: Any, new: Any, *where: Any, **more: Any) -> Any:
            if old != new:
                stack = more.get("stack_name") or where[0]
                self._require(stack, _work(kind, "update", physical_id, new, old))
            return update(kind, physical_id, old, new, *where, **more)

        return update_permitted

    def _deleting(self, delete: Callable[..., Any]) -> Callable[..., Any]:
        def delete_permitted(
            resource_type: str, physical_id: str, props: Any, stack_name: Any = None, logical_id: Any = None
        ) -> Any:
            if stack_name:
                self._require(stack_name, _work(resource_type, "delete", physical_id, props))
            return delete(resource_type, physical_id, props, stack_name, logical_id)

        return delete_permitted


def _work(kind: str, handler: str, physical_id: str, properties: Any, before: Mapping[str, Any] | None = None) -> Work:
    return Work(
        kind=kind,
        handler=handler,
        properties=properties or {},
        physical_id=physical_id,
        region=get_region(),
        account=get_account_id(),
        before=before or {},
    )


def _future_name(kind: str, logical_id: str, properties: Mapping[str, Any], stack: str) -> str:
    """Return the name that a resource will have: its own, or the one that CloudFormation makes of stack and title."""
    if kind in BALANCED:
        return f"arn:{PARTITION}:elasticloadbalancing:{get_region()}:{get_account_id()}:{BALANCED[kind]}"
    names = (*NAMES, *(FAMILY if kind == "AWS::ECS::TaskDefinition" else ()))
    given = next((str(properties[name]) for name in names if isinstance(properties.get(name), str)), "")
    made = f"{stack}-{logical_id}-{ANY}"
    return given or (made.lower() if kind in LOWER else made)


def _stack_name(given: str) -> str:
    return given.split(":stack/", 1)[1].split("/", maxsplit=1)[0] if given.startswith(ARN) else given
