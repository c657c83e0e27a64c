"""Roles of a yard, and clients with their credentials."""

import json
from collections.abc import Sequence
from typing import Any

import boto3

from tests.rehearsal.yard import ACCOUNT, REGION, Resources, Yard

USER = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
TASKS = {"Service": "ecs-tasks.amazonaws.com"}


def document(*statements: Resources) -> str:
    """Return a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, on: str | Sequence[str] = "*", **conditions: Any) -> Resources:
    """Return a statement; a condition is an operator with its keys."""
    more = {"Condition": conditions} if conditions else {}
    return {"Sid": "Granted", "Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def add_role(yard: Yard, name: str, *statements: Resources, trust: Resources | None = None, **options: Any) -> str:
    """Create a role with an inline policy of some statements; its ARN."""
    iam = yard.client("iam")
    trusted = document({"Effect": "Allow", "Principal": trust or USER, "Action": "sts:AssumeRole"})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trusted, **options)["Role"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="Granted", PolicyDocument=document(*statements))
    return str(role["Arn"])


def client(yard: Yard, service: str, role: str, **options: Any) -> Any:
    """Return a client with the rights of a role; options are those of AssumeRole."""
    keys = yard.client("sts").assume_role(RoleArn=role, RoleSessionName="test", **options)["Credentials"]
    make: Any = boto3.client  # its stubs want literal names
    return make(
        service,
        endpoint_url=yard.emulator.endpoint_url,
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
