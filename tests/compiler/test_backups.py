"""AWS Backup is named what the environment keeps, and given the rights for that."""

import pytest

from compiler.backups import backup_permissions, copied
from tests.spec.minimal import minimal

OWN_KEY = "arn:aws:kms:us-west-2:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000"


@pytest.mark.parametrize(("delivery", "kinds"), [("release", ["rds"]), ("efs", ["rds", "elasticfilesystem"])])
def test_each_store_that_has_no_copies_yet_is_named(delivery: str, kinds: list[str]) -> None:
    """The instance, and a file system where there is one."""
    env = minimal(more=f"backup: {{}}\ncode: {{delivery: {delivery}}}\nlogs: {{remote: cloudwatch}}\n")
    arns = tuple(copied(env))
    assert len(arns) == len(kinds)
    assert all(f":{kind}:" in arn for arn, kind in zip(arns, kinds, strict=True))


@pytest.mark.parametrize(("key", "resources"), [("create", ("${EncryptionKey}",)), (OWN_KEY, (OWN_KEY,)), ("aws", ())])
def test_a_key_of_the_user_is_lent_to_services_of_aws_alone(key: str, resources: tuple[str, ...]) -> None:
    """AWS's own key needs no right; of another, the role itself may decrypt nothing."""
    env = minimal(more=f"backup: {{}}\nencryption: {{key: '{key}'}}\n" if key != "aws" else "backup: {}\n")
    keys = [one for one in backup_permissions(env) if any(action.startswith("kms:") for action in one.actions)]
    assert {resource for one in keys for resource in one.resources} == set(resources)
    assert all(one.conditions for one in keys if "kms:CreateGrant" in one.actions)
    assert not any(action == "kms:Decrypt" for one in keys for action in one.actions)
