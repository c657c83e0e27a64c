"""The condition key `aws:PrincipalArn`, in which MiniStack has a role's session: here it has the role itself."""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from rehearsal.emulator.patches.rebinding import rebind

Resolve = Callable[[str, Any], Any]
KEY = "aws:principalarn"
SESSION = ":assumed-role/"


def apply() -> None:
    """Give the key the ARN of the role, with its path.

    Source: "aws:PrincipalArn", IAM User Guide,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    rebind(iam_evaluator, "_resolve_condition_key", _of_role, takes="key ctx")


def _of_role(resolve: Resolve) -> Resolve:
    def value(key: str, context: Any) -> Any:
        found = resolve(key, context)
        if key.lower() != KEY or SESSION not in found:
            return found
        role = iam._roles.get(found.partition(SESSION)[2].partition("/")[0])
        return role["Arn"] if role else found

    return value
