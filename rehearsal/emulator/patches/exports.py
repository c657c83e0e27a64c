"""What one stack exports has one name, and stays as it is while another stack imports it.

The rules: "Get exported outputs from a deployed CloudFormation stack", AWS CloudFormation User Guide,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html. The words, and that a stack
in use keeps its status when somebody deletes it: https://github.com/aws/aws-cdk/issues/604
and https://github.com/aws-amplify/amplify-cli/issues/1581
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import _exports, _stacks, handlers, helpers, stacks

from rehearsal.emulator.patches.rebinding import rebind, rebind_action

KIND = "AWS::CloudFormation::Stack"
NOBODY = ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS")
"""Statuses of stacks that hold nothing."""
RESOLVES = "outputs_defs conditions resources param_values mappings stack_name stack_id"

Answering = Callable[[dict[str, Any]], Any]


def apply() -> None:
    """Check exports when a stack has its outputs, and when somebody deletes it."""
    rebind(stacks, "_resolve_stack_outputs", _checked, takes=RESOLVES)
    rebind_action(cloudformation, "DeleteStack", _refusing)


def _checked(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse the name of another stack, and a change of what is imported; forget what is exported no more."""

    def resolve_and_check(*asked: Any) -> Any:
        outputs, exports = resolve(*asked)
        identity = asked[-1]
        own = {name: one["Value"] for name, one in _exports.items() if one["StackId"] == identity}
        for name in exports:
            if name in _exports and name not in own:
                holder = _exports[name]["StackId"].split("/")[1]
                raise ValueError(f"Export with name {name} is already exported by stack {holder}")
        for name, value in own.items():
            users = _importers(name)
            if users and name not in exports:
                raise ValueError(_in_use(name, "deleted", users))
            if users and exports[name]["Value"] != value:
                raise ValueError(_in_use(name, "updated", users))
        for name in own.keys() - exports.keys():
            del _exports[name]
        return outputs, exports

    return resolve_and_check


def _refusing(delete: Answering) -> Answering:
    """Leave a stack in use as it is: the call succeeds, and the reason stands in its status."""

    def delete_unless_imported(request: dict[str, Any]) -> Any:
        stack = handlers._resolve_stack(helpers._p(request, "StackName")) or {}
        for name in (one.get("ExportName") for one in stack.get("Outputs", [])):
            if name and (users := _importers(name)):
                reason = _in_use(name, "deleted", users)
                stack["StackStatusReason"] = reason
                where = (stack["StackId"], stack["StackName"], stack["StackName"], KIND, stack["StackStatus"])
                stacks._add_event(*where, reason, stack["StackId"])
                return helpers._xml(200, "DeleteStackResponse", "")
        return delete(request)

    return delete_unless_imported


def _importers(export: str) -> list[str]:
    """Return the names of the stacks that import an export, whatever goes on in them."""
    living = [(name, one) for name, one in list(_stacks.items()) if one["StackStatus"] not in NOBODY]
    return sorted(name for name, one in living if export in handlers._imported_export_names(one, name))


def _in_use(export: str, what: str, users: list[str]) -> str:
    return f"Export {export} cannot be {what} as it is in use by {' and '.join(users)}"
