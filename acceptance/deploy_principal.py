"""Deploys a rehearsal as a user who may do what `windsock policy` prints, and nothing else; its network as another.

Where the YAML names pushers, it is the first of them, user or role: the bucket refuses others its code.
Where the YAML names a role for CloudFormation, that role has its own part of the policies.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from compiler.compile import compile_network
from compiler.model.template_set import TemplateSet
from deployer.aws.session import Session, open_session
from deployer.permissions.policy import Document, cloudformation_policies, cloudformation_trust, deployer_policies
from deployer.permissions.subject import Subject, of_environment, of_network
from spec.environment import Environment
from spec.sections.networks.shared_network import SharedNetwork

USER = "windsock-deployer"
"""The name of the user, where the YAML names no pusher, and what the names of the policies begin with."""
NETWORK_USER = "windsock-network-deployer"
"""The same for the user who deploys a network, with what `windsock network policy` prints."""
_ROLE = ":role/"


def open_as_user(owner: Session, endpoint_url: str, env: Environment, templates: TemplateSet) -> Session:
    """Make the user, and the role of CloudFormation if there is one; return the session of the user."""
    subject, pusher = of_environment(env, templates), next(iter(env.code.pushers), f":user/{USER}")
    policies = deployer_policies(subject)
    keys = _keys_of_role(owner, pusher, policies) if _ROLE in pusher else _keys_of_user(owner, pusher, USER, policies)
    return _open(owner, endpoint_url, subject, keys)


def open_as_network_user(owner: Session, endpoint_url: str, network: SharedNetwork) -> Session:
    """Make the user who deploys a network, and the role of CloudFormation if there is one; return its session."""
    subject = of_network(network, compile_network(network))
    keys = _keys_of_user(owner, f":user/{NETWORK_USER}", NETWORK_USER, deployer_policies(subject))
    return _open(owner, endpoint_url, subject, keys)


def _open(owner: Session, endpoint_url: str, subject: Subject, keys: Mapping[str, str]) -> Session:
    if subject.aws.cloudformation_role:
        name = f"{subject.name}-cloudformation"
        _make_role(
            owner, subject.aws.cloudformation_role, cloudformation_trust(), name, cloudformation_policies(subject)
        )
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
    acting = (one.aws.cloudformation_role for one in (env, env.network.shared) if one)
    for arn in dict.fromkeys((*pushers, *filter(None, acting))):
        iam, (_, name) = owner.client("iam"), _path_and_name(arn)
        for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
        iam.delete_role(RoleName=name)


def _keys_of_user(owner: Session, arn: str, prefix: str, policies: Sequence[Document]) -> Mapping[str, str]:
    iam, (path, name) = owner.client("iam"), _path_and_name(arn)
    iam.create_user(UserName=name, Path=path)
    for policy in _managed(owner, prefix, policies):
        iam.attach_user_policy(UserName=name, PolicyArn=policy)
    keys: Mapping[str, str] = iam.create_access_key(UserName=name)["AccessKey"]
    return keys


def _keys_of_role(owner: Session, arn: str, policies: Sequence[Document]) -> Mapping[str, str]:
    anybody = {"Effect": "Allow", "Principal": {"AWS": owner.account}, "Action": "sts:AssumeRole"}
    _make_role(owner, arn, {"Version": "2012-10-17", "Statement": [anybody]}, USER, policies)
    keys: Mapping[str, str] = owner.client("sts").assume_role(RoleArn=arn, RoleSessionName=USER)["Credentials"]
    return keys


def _make_role(owner: Session, arn: str, trust: Document, prefix: str, policies: Sequence[Document]) -> None:
    """Make a role with policies; one that environment and network both name gets those of both."""
    iam, (path, name) = owner.client("iam"), _path_and_name(arn)
    if not owner.iam.has_role(name):
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
