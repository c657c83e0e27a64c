"""Every store of an environment has the key that the YAML names, and roles may use it for what they read and write."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.connections import permissions
from compiler.model.template_set import TemplateSet
from compiler.model.yaml_reader import read_template
from compiler.resources.encryption import key_permissions
from spec.environment import Environment
from tests.spec.minimal import ECS, PYTHON, minimal

ARN = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OWN = {"Ref": "EncryptionKey"}
AIRFLOW_3 = (f"version: 2.5.3, {PYTHON}", 'version: 3.3.2, python: "3.12"')
ON_S3 = "logs: {remote: s3}\n"
STORES: dict[str, tuple[str, ...]] = {
    "AWS::RDS::DBInstance": ("KmsKeyId",),
    "AWS::EFS::FileSystem": ("KmsKeyId",),
    "AWS::Logs::LogGroup": ("KmsKeyId",),
    "AWS::SecretsManager::Secret": ("KmsKeyId",),
    "AWS::ECR::Repository": ("EncryptionConfiguration", "KmsKey"),
}


def _resources(templates: TemplateSet) -> Iterator[tuple[str, Any]]:
    for name in templates.nested:
        for resource in read_template(templates.files[f"{name}.yaml"])["Resources"].values():
            yield resource["Type"], resource["Properties"]


def _keys(env: Environment) -> dict[str, list[Any]]:
    """Return the keys by type of the resources."""
    found: dict[str, list[Any]] = {}
    for kind, properties in _resources(compile_environment(env)):
        if kind == "AWS::S3::Bucket":
            (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
            found.setdefault(kind, []).append(rule["ServerSideEncryptionByDefault"].get("KMSMasterKeyID"))
        elif path := STORES.get(kind):
            value = properties
            for name in path:
                value = value.get(name, {})
            found.setdefault(kind, []).append(value or None)
    return found


@pytest.mark.parametrize(("given", "expected"), [("create", OWN), (ARN, ARN)])
def test_one_key_encrypts_every_store(given: str, expected: Any) -> None:
    """That of the environment, or one that is there."""
    keys = _keys(minimal(more=f"encryption: {{key: '{given}'}}\n{ON_S3}"))
    assert keys.keys() == {*STORES, "AWS::S3::Bucket"}
    assert {json.dumps(key) for each in keys.values() for key in each} == {json.dumps(expected)}


def test_access_logs_have_the_key_of_s3() -> None:
    """A load balancer writes to no bucket with another one."""
    keys = _keys(minimal(more="encryption: {key: create}\nlogs: {access: true}\n"))
    assert sorted(map(str, keys["AWS::S3::Bucket"])) == ["None", str(OWN)]


def test_a_restored_database_has_the_key_of_its_snapshot() -> None:
    """CloudFormation takes no other with a snapshot."""
    seed = "arn:aws:secretsmanager:us-west-2:123456789012:secret:FernetSeed-AbCdEf"
    restored = f"database: {{restore_from: {{snapshot: demo-final, fernet_seed: '{seed}'}}}}\n"
    assert _keys(minimal(more=f"encryption: {{key: create}}\n{restored}"))["AWS::RDS::DBInstance"] == [None]


@pytest.mark.parametrize("python", [PYTHON, ECS])
def test_roles_may_use_the_keys_of_what_they_read_and_write(python: str) -> None:
    """By the service alone, and nothing more: who reads no secret and no bucket has no right to a key."""
    env = minimal(PYTHON, python, more=f"encryption: {{key: '{ARN}'}}\n{ON_S3}")
    every = tuple(permissions(env))
    for source in {permission.source for permission in every}:
        own = [one for one in every if one.source == source]
        keyed = {(one.sid, action) for one in own if ARN in one.resources for action in one.actions}
        reached = {action for one in own if ARN not in one.resources for action in one.actions}
        assert (("UseKeyOfSecrets", "kms:Decrypt") in keyed) == ("secretsmanager:GetSecretValue" in reached)
        assert (("UseKeyOfBuckets", "kms:Decrypt") in keyed) == ("s3:GetObject" in reached)
        assert (("UseKeyOfBuckets", "kms:GenerateDataKey") in keyed) == ("s3:PutObject" in reached)
    via = {str(one.conditions["StringEquals"]["kms:ViaService"]) for one in every if ARN in one.resources}
    assert via == {f"{service}.${{AWS::Region}}.${{AWS::URLSuffix}}" for service in ("s3", "secretsmanager")}


def test_without_a_key_of_a_customer_no_role_needs_a_right() -> None:
    """The keys of AWS let the account's roles use them."""
    every = tuple(permissions(minimal()))
    assert tuple(key_permissions(minimal(), "webserver", every)) == ()
    assert not [one for one in every if any(action.startswith("kms:") for action in one.actions)]
