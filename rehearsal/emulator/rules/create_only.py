"""Which properties of a resource type replace the resource when they change, as the registry schemas say.

Source: `createOnlyProperties` and `conditionalCreateOnlyProperties` of the CloudFormation registry schemas,
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html, as bundled with cfn-lint.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_suffix(".json")
NAMES = {
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::RDS::DBParameterGroup": "DBParameterGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SecretsManager::Secret": "Name",
}
"""The property by which a template names a resource itself; two resources cannot have one name."""
CUSTOM_NAMED = (
    "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update "
    "the stack again."
)
"""Source: "Name type", AWS CloudFormation User Guide,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html"""


def recreation(kind: str, name: str) -> str | None:
    """Return whether a change of a property replaces the resource, as ResourceTargetDefinition has it.

    None where no schema of the type is known here.
    """
    schema = _schemas().get(kind)
    if schema is None:
        return None
    if name in schema["always"]:
        return "Always"
    return "Conditionally" if name in schema["sometimes"] else "Never"


def refusal(kind: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    """Return why CloudFormation refuses an update that replaces a resource under its name; empty if it does not."""
    named = new.get(NAMES.get(kind, ""))
    if not named or old.get(NAMES[kind]) != named:
        return ""
    changed = [name for name in {*old, *new} if old.get(name) != new.get(name)]
    replaced = any(recreation(kind, name) == "Always" for name in changed)
    return CUSTOM_NAMED.format(name=named) if replaced else ""


@cache
def _schemas() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
