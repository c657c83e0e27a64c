"""Deploys a rehearsal as a user who may do what `windsock policy` prints, and nothing else.

Where the YAML names a role for CloudFormation, that role has its own part of the policies.
"""

import json
from collections.abc import Iterator, Sequence

from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session, open_session
from deployer.permissions.policy import Document, cloudformation_policies, cloudformation_trust, deployer_policies
from spec.environment import Environment

USER = "windsock-deployer"
SERVICE_ROLE = "windsock-cloudformation"
"""What the names of the policies of CloudFormation's role begin with."""


def open_as_user(owner: Session, endpoint_url: str, env: Environment, templates: TemplateSet) -> Session:
    """Make the user, and the role of CloudFormation if there is one; return the session of the user."""
    iam = owner.client("iam")
    iam.create_user(UserName=USER)
    for arn in _managed(owner, USER, deployer_policies(env, templates)):
        iam.attach_user_policy(UserName=USER, PolicyArn=arn)
    if env.aws.cloudformation_role:
        _make_role(owner, env.aws.cloudformation_role, cloudformation_policies(env, templates))
    key = iam.create_access_key(UserName=USER)["AccessKey"]
    return open_session(
        owner.region, endpoint_url=endpoint_url, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"]
    )


def remove_role(owner: Session, env: Environment) -> None:
    """Delete the role of CloudFormation, which belongs to the owner of the account, as a teardown keeps it."""
    if not env.aws.cloudformation_role:
        return
    iam, (_, name) = owner.client("iam"), _path_and_name(env.aws.cloudformation_role)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def _make_role(owner: Session, arn: str, policies: Sequence[Document]) -> None:
    iam, (path, name) = owner.client("iam"), _path_and_name(arn)
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(cloudformation_trust()))
    for policy in _managed(owner, SERVICE_ROLE, policies):
        iam.attach_role_policy(RoleName=name, PolicyArn=policy)


def _managed(owner: Session, name: str, policies: Sequence[Document]) -> Iterator[str]:
    """Make managed policies; yield their ARNs."""
    iam = owner.client("iam")
    for number, document in enumerate(policies, start=1):
        made = iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=json.dumps(document))
        yield made["Policy"]["Arn"]


def _path_and_name(arn: str) -> tuple[str, str]:
    path, _, name = arn.partition(":role")[2].rpartition("/")
    return f"{path}/", name
