"""What holds for every template alike: described, unconditional, unnamed, kept or dropped on purpose, no secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compiler.environment_parts import needs_file_system

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

STATEFUL = {
    "AWS::ECR::Repository",
    "AWS::EFS::FileSystem",
    "AWS::Logs::LogGroup",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "AWS::SecretsManager::Secret",
}

OPTIONAL = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBParameterGroup",
    "AWS::RDS::DBSubnetGroup",
}
"""What only an environment has whose database is an instance, or that has a load balancer."""

NAMES = {
    "AWS::EC2::SecurityGroup": "GroupName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::ECS::Cluster": "ClusterName",
    "AWS::ECS::Service": "ServiceName",
    "AWS::ECS::TaskDefinition": "Family",
    "AWS::ElasticLoadBalancingV2::LoadBalancer": "Name",
    "AWS::ElasticLoadBalancingV2::TargetGroup": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::RDS::DBInstance": "DBInstanceIdentifier",
    "AWS::RDS::DBParameterGroup": "DBParameterGroupName",
    "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SecretsManager::Secret": "Name",
}
"""The property that would give a resource a name of ours; such a resource could never be replaced."""


def test_everything_is_described(case: Case) -> None:
    """Every template, parameter, resource and output says in words what it is for."""
    for file, template in case.parsed.items():
        assert template["Description"], file
        for name, declaration in (*template.get("Parameters", {}).items(), *template.get("Outputs", {}).items()):
            assert declaration["Description"], name
        for title, resource in template["Resources"].items():
            assert resource["Metadata"]["Description"], title


def test_a_resource_never_describes_itself_by_another(case: Case) -> None:
    """Within a template two resources never have the same description: a progress display can be understood."""
    for file, template in case.parsed.items():
        words = [resource["Metadata"]["Description"] for resource in template["Resources"].values()]
        assert len(words) == len(set(words)), file


def test_templates_have_no_exports_and_one_kind_of_condition(case: Case) -> None:
    """The compiler decides what it knows: CloudFormation is left with no mapping, transform or export.

    Only a deploy knows whether it keeps a service at zero.
    """
    sections = {"AWSTemplateFormatVersion", "Description", "Parameters", "Conditions", "Resources", "Outputs"}
    for template in case.parsed.values():
        assert set(template) <= sections
        assert all(name.endswith("CountAboveZero") for name in template.get("Conditions", {}))
        assert not any("Export" in output for output in template.get("Outputs", {}).values())


def test_templates_have_no_custom_resources(case: Case) -> None:
    """Neither Lambda; one-off work runs as a task with a log."""
    kinds = {resource["Type"] for _, resource in case.everything()}
    assert not {kind for kind in kinds if kind.startswith(("AWS::Lambda", "Custom::", "AWS::CloudFormation::Custom"))}


FILLED_BY_NAME = {"OauthClient"}
"""What a person fills, who knows it by its name."""


def test_resources_have_generated_names(case: Case) -> None:
    """CloudFormation could not replace a resource with a name of ours."""
    for kind, name in NAMES.items():
        resources = case.resources(kind)
        assert resources or kind in OPTIONAL, kind
        named = {title for title, resource in resources.items() if name in resource.get("Properties", {})}
        # The YAML can demand names of roles; whatever replaces a role changes its name too.
        asked = named if kind == "AWS::IAM::Role" and case.env.aws.role_name_prefix else set()
        # The executor finds workers by their family; its revisions can stand beside each other.
        assert not named - FILLED_BY_NAME - {"WorkerTaskDefinition"} - asked, kind


def test_every_stateful_resource_has_a_deletion_policy(case: Case) -> None:
    """Kept where protected, deleted where not."""
    for title, resource in case.everything():
        if resource["Type"] not in STATEFUL:
            continue
        policies = (resource["DeletionPolicy"], resource["UpdateReplacePolicy"])
        if not case.env.protect:
            assert policies == ("Delete", "Delete"), title
        elif resource["Type"] == "AWS::RDS::DBInstance":
            assert policies == ("Snapshot", "Snapshot"), title
        else:
            assert policies == ("RetainExceptOnCreate", "Retain"), title


def test_the_list_of_stateful_types_has_no_unused_type(instance: Case) -> None:
    """Every type of the list is in some environment."""
    files = {type_ for type_ in STATEFUL if type_.startswith("AWS::EFS::")}
    needed = STATEFUL - {"AWS::EFS::AccessPoint"} if needs_file_system(instance.env) else STATEFUL - files
    assert {resource["Type"] for _, resource in instance.everything()} >= needed


def test_no_template_holds_a_secret(case: Case) -> None:
    """Nothing that looks like a generated value, and no password but by reference, is in any template."""
    for file, text in case.templates.files.items():
        assert not re.search(r"(?<![\w/.:-])[A-Za-z0-9]{24,}(?![\w.:-])", _without_names(text)), file
        for line in text.splitlines():
            if "MasterUserPassword:" in line:
                assert "{{resolve:secretsmanager:" in line


def _without_names(text: str) -> str:
    """Return the text without logical ids, keys and words of CloudFormation and WAF, which may be long too."""
    return re.sub(r"\b(?:AWS)?(?:[A-Z][a-z0-9]+){2,}\b|^\s*\w+:", "", text, flags=re.MULTILINE)
