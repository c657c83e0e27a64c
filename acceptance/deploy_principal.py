"""Deploys a rehearsal as a user who may do what `windsock policy` prints, and nothing else.

Where the YAML names pushers, it is the first of them, user or role: the bucket refuses others its code.
Where the YAML names a role for CloudFormation, that role has its own part of the policies.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session, open_session
from deployer.permissions.policy import Document, cloudformation_policies, cloudformation_trust, deployer_policies
from spec.environment import Environment

USER = "windsock-deployer"
"""The name of the user, where the YAML names no pusher, and what the names of the policies begin with."""
SERVICE_ROLE = "windsock-cloudformation"
"""What the names of the policies of CloudFormation's role begin with."""
_ROLE = ":role/"


def open_as_user(owner: Session, endpoint_url: str, env: Environment, templates: TemplateSet) -> Session:
    """Make the user, and the role of CloudFormation if there is one; return the session of the user."""
    policies = deployer_policies(env, templates)
    pusher = next(iter(env.code.pushers), f":user/{USER}")
    keys = _keys_of_role(owner, pusher, policies) if _ROLE in pusher else _keys_of_user(owner, pusher, policies)
    if env.aws.cloudformation_role:
        documents = cloudformation_policies(env, templates)
        _make_role(owner, env.aws.cloudformation_role, cloudformation_trust(), SERVICE_ROLE, documents)
    return open_session(
        owner.region,
        endpoint_url=endpoint_url,
        access_key=keys["AccessKeyId"],
        secret_key=keys["SecretAccessKey"],
        session_token=keys.get("SessionToken"),
    )


def remove_role(owner: Session, env: Environment) -> None:
    """Delete the roles that belong to the owner of the account, as a teardown keeps them."""
    pushers = (arn for arn in env.code.pushers[:1] if _ROLE in arn)
    for arn in (*pushers, *filter(None, [env.aws.cloudformation_role])):
        iam, (_, name) = owner.client("iam"), _path_and_name(arn)
        for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
        iam.delete_role(RoleName=name)


def _keys_of_user(owner: Session, arn: str, policies: Sequence[Document]) -> Mapping[str, str]:
    iam, (path, name) = owner.client("iam"), _path_and_name(arn)
    iam.create_user(UserName=name, Path=path)
    for policy in _managed(owner, USER, policies):
        iam.attach_user_policy(UserName=name, PolicyArn=policy)
    keys: Mapping[str, str] = iam.create_access_key(UserName=name)["AccessKey"]
    return keys


def _keys_of_role(owner: Session, arn: str, policies: Sequence[Document]) -> Mapping[str, str]:
    anybody = {"Effect": "Allow", "Principal": {"AWS": owner.account}, "Action": "sts:AssumeRole"}
    _make_role(owner, arn, {"Version": "2012-10-17", "Statement": [anybody]}, USER, policies)
    keys: Mapping[str, str] = owner.client("sts").assume_role(RoleArn=arn, RoleSessionName=USER)["Credentials"]
    return keys


def _make_role(owner: Session, arn: str, trust: Document, prefix: str, policies: Sequence[Document]) -> None:
    iam, (path, name) = owner.client("iam"), _path_and_name(arn)
    iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(trust))
    for policy in _managed(owner, prefix, policies):
        iam.attach_role_policy(RoleName=name, PolicyArn=policy)


def _managed(owner: Session, name: str, policies: Sequence[Document]) -> Iterator[str]:
    """Make managed policies; yield their ARNs."""
    iam = owner.client("iam")
    for number, document in enumerate(policies, start=1):
        made = iam.create_policy(PolicyName=f"{name}-{number}", PolicyDocument=json.dumps(document))
        yield made["Policy"]["Arn"]


def _path_and_name(arn: str) -> tuple[str, str]:
    path, _, name = f"/{arn.partition('/')[2]}".rpartition("/")
    return f"{path}/", name
