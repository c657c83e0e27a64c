"""Decides whether a principal may do what a call requires, by the rules of IAM, and records what was refused.

Source: "Policy evaluation logic", IAM User Guide. MiniStack's evaluator reads the policies.
"""
# ruff: noqa: SLF001  MiniStack has no public names for its tables

from dataclasses import dataclass, replace
from typing import Any, NoReturn

from ministack.core import iam_evaluator
from ministack.services import efs

from rehearsal.emulator.iam import usage
from rehearsal.emulator.iam.principals import Principal
from rehearsal.emulator.iam.requirements import Requirement
from rehearsal.emulator.rules import refusals
from rehearsal.emulator.rules.refusals import Kind, Refusal
from rehearsal.emulator.rules.settings import Settings

ALWAYS = frozenset({"sts:GetCallerIdentity"})
"""Nobody needs a permission for these. Source: GetCallerIdentity, AWS STS API reference."""
KEY_POLICY_DECIDES = frozenset({"kms"})


class AccessDeniedError(Exception):
    """A principal may not do something; the message has the words of IAM."""

    def __init__(self, requirement: Requirement, message: str) -> None:
        super().__init__(message)
        self.requirement = requirement


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """All decisions of one emulator."""

    settings: Settings
    used: usage.Usage

    def require(self, principal: Principal, requirement: Requirement) -> None:
        """Check a requirement.

        Raises:
            AccessDeniedError: a policy denies it, or none allows it.
        """
        if principal.policies is None or requirement.action in ALWAYS:
            return
        result = self._evaluate(principal, requirement)
        if result.decision == "Allow":
            self.used.note(principal.arn, result.matched_sid, requirement.action)
            return
        self.refuse(principal, requirement, _reason(result, requirement))

    def require_way(self, principal: Principal, requirement: Requirement, policy: Any) -> None:
        """Check a requirement against the policy of the endpoint by which it comes; None lets everything through.

        Source: "Control access to VPC endpoints using endpoint policies", AWS PrivateLink Guide,
        https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html

        Raises:
            AccessDeniedError: the policy denies it, or does not allow it.
        """
        if policy is None:
            return
        decision = iam_evaluator.evaluate_resource_policy(policy, self._context(principal, requirement)).decision
        if decision == "Deny":
            self.refuse(principal, requirement, "with an explicit deny in a VPC endpoint policy")
        if decision != "Allow":
            reason = f"because no VPC endpoint policy allows the {requirement.action} action"
            self.refuse(principal, requirement, reason)

    def refuse(self, principal: Principal, requirement: Requirement, reason: str) -> NoReturn:
        """Record a refusal and raise it.

        Raises:
            AccessDeniedError: always.
        """
        refusal = Refusal(
            kind=Kind.PERMISSION,
            who=principal.arn,
            what=requirement.action,
            resource=requirement.resource,
            reason=reason,
        )
        refusals.record(self.settings.path, refusal)
        who = f"User: {principal.arn}"
        on = f"{requirement.action} on resource: {requirement.resource}"
        raise AccessDeniedError(requirement, f"{who} is not authorized to perform: {on} {reason}")

    def allows(self, principal: Principal, requirement: Requirement) -> bool:
        """Return whether a requirement is met; a refusal is recorded, but no error."""
        try:
            self.require(principal, requirement)
        except AccessDeniedError:
            return False
        return True

    def _context(self, principal: Principal, requirement: Requirement) -> Any:
        context = iam_evaluator.EvalContext(
            principal.arn,
            principal.kind,
            self.settings.account,
            requirement.action,
            requirement.resource,
            self.settings.region,
        )
        return replace(
            context,
            secure_transport=True,
            service_context=dict(requirement.keys),
            principal_keys=principal.keys or {},
        )

    def _evaluate(self, principal: Principal, requirement: Requirement) -> Any:
        context = self._context(principal, requirement)
        result = iam_evaluator.evaluate(context, principal.policies, *principal.limits)
        found = _resource_policy(requirement)
        if found is None:
            return result
        service = requirement.action.partition(":")[0]
        return iam_evaluator.combine_resource_policy(
            result, context, *found, required=service in KEY_POLICY_DECIDES, limits=principal.limits
        )


def _reason(result: Any, requirement: Requirement) -> str:
    """Return the second half. Source: "Troubleshoot access denied error messages", IAM User Guide."""
    if result.decision == "Deny" and result.resource_policy_arn:
        return "with an explicit deny in a resource-based policy"
    if result.decision == "Deny":
        return "with an explicit deny in an identity-based policy"
    return f"because no identity-based policy allows the {requirement.action} action"


def _resource_policy(requirement: Requirement) -> tuple[Any, Any] | None:
    """Return the policy of a resource itself, with its account; None when it has none."""
    service = requirement.action.partition(":")[0]
    if service == "elasticfilesystem":
        file_system = efs._file_systems.get(requirement.resource.rpartition("/")[2]) or {}
        policy = file_system.get("FileSystemPolicy")
        return (policy, None) if policy else None
    found = iam_evaluator._resource_policy(service, _holder(requirement.resource))
    return (found[0], None) if found and found[0] else None


def _holder(arn: str) -> str:
    """Return the ARN of what has the policy: a bucket for its objects."""
    return arn.partition("/")[0] if arn.startswith("arn:aws:s3:::") else arn
