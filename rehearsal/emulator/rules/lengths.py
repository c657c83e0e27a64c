"""How large the parts of a resource may be, by its CloudFormation type, with the error by which a service refuses more.

Sources: https://github.com/awsdocs/amazon-ecs-developer-guide/pull/149 for task definitions,
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html for roles and policies (the words:
https://github.com/aws/aws-cdk/issues/12403 and https://github.com/aws-cloudformation/cfn-lint/issues/3804),
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html for target groups,
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html for answers, and
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html for parameters.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Properties = Mapping[str, Any]
SERVICE_LIMIT = "LimitExceeded"


@dataclass(frozen=True, kw_only=True)
class Length:
    """One limit: what it measures of a resource's properties, and the refusal of more."""

    type: str
    what: str
    most: int
    unit: str
    measure: Callable[[Properties], int]
    error: str
    message: str

    def refusal(self, name: str, properties: Properties) -> str:
        """Return the error for a resource; empty when it fits."""
        size = self.measure(properties)
        return self.message.format(name=name, size=size, most=self.most) if size > self.most else ""


def _compact(value: object) -> int:
    """Return the characters of a policy as IAM counts them: without white space."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return len("".join(text.split()))


def _inline(role: Properties) -> int:
    return sum(_compact(policy["PolicyDocument"]) for policy in role.get("Policies") or ())


def _bytes(value: object) -> int:
    return len(json.dumps(value, separators=(",", ":")).encode())


def _body(action: Properties) -> int:
    return len((action.get("FixedResponseConfig") or {}).get("MessageBody") or "")


TASK_DEFINITION = Length(
    type="AWS::ECS::TaskDefinition",
    what="Task definition, as JSON",
    most=64 * 1024,
    unit="bytes",
    measure=_bytes,
    error="ClientException",
    message="Actual length: '{size}'. Max allowed length is '{most}' bytes.",
)
PARAMETER = Length(
    type="AWS::SSM::Parameter",
    what="Value of a standard parameter",
    most=4096,
    unit="characters",
    measure=lambda one: len(str(one.get("Value", ""))) if one.get("Tier", "Standard") == "Standard" else 0,
    error="ValidationException",
    message=(
        "Standard tier parameters support a maximum parameter value of {most} characters. To create a larger parameter "
        "value, upgrade the parameter to use the advanced-parameter tier. For more information, see "
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
    ),
)
LARGE_PARAMETER = Length(
    type="AWS::SSM::Parameter",
    what="Value of an advanced parameter",
    most=8192,
    unit="characters",
    measure=lambda one: len(str(one.get("Value", ""))),
    error="ValidationException",
    message="Advanced tier parameters support a maximum parameter value of {most} characters.",
)
ANSWER = Length(
    type="AWS::ElasticLoadBalancingV2::ListenerRule",
    what="Body of a fixed response",
    most=1024,
    unit="characters",
    measure=lambda rule: max(map(_body, rule.get("Actions") or ()), default=0),
    error="ValidationError",
    message=(
        "1 validation error detected: Value at 'actions.1.member.fixedResponseConfig.messageBody' failed to satisfy "
        "constraint: Member must have length less than or equal to {most}"
    ),
)
LENGTHS = (
    TASK_DEFINITION,
    Length(
        type="AWS::IAM::Role",
        what="Inline policies of a role, without white space",
        most=10240,
        unit="characters",
        measure=_inline,
        error=SERVICE_LIMIT,
        message="Maximum policy size of {most} bytes exceeded for role {name}",
    ),
    Length(
        type="AWS::IAM::Role",
        what="Trust policy of a role",
        most=2048,
        unit="characters",
        measure=lambda role: _compact(role.get("AssumeRolePolicyDocument", "")),
        error=SERVICE_LIMIT,
        message="Cannot exceed quota for ACLSizePerRole: {most}",
    ),
    Length(
        type="AWS::IAM::Role",
        what="Managed policies of a role",
        most=10,
        unit="policies",
        measure=lambda role: len(role.get("ManagedPolicyArns") or ()),
        error=SERVICE_LIMIT,
        message="Cannot exceed quota for PoliciesPerRole: {most}",
    ),
    Length(
        type="AWS::IAM::ManagedPolicy",
        what="Managed policy, without white space",
        most=6144,
        unit="characters",
        measure=lambda policy: _compact(policy.get("PolicyDocument", "")),
        error=SERVICE_LIMIT,
        message="Cannot exceed quota for PolicySize: {most}",
    ),
    Length(
        type="AWS::ElasticLoadBalancingV2::TargetGroup",
        what="Name of a target group",
        most=32,
        unit="characters",
        measure=lambda group: len(group.get("Name", "")),
        error="ValidationError",
        message="Target group name '{name}' cannot be longer than '{most}' characters",
    ),
    ANSWER,
    PARAMETER,
    LARGE_PARAMETER,
)


def refusals(kind: str, name: str, properties: Properties) -> Iterator[tuple[str, str]]:
    """Yield the error codes and messages for a resource that is too large."""
    for length in LENGTHS:
        if length.type == kind and (message := length.refusal(name, properties)):
            yield length.error, message
