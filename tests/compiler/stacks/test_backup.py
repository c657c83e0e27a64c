"""Copies are encrypted, outlive their environment, and are taken with no more rights than that needs."""

from typing import Any

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from tests.spec.minimal import minimal

NAMED = ":${DatabaseInstance}"


def _resources(more: str) -> dict[str, Any]:
    found: dict[str, Any] = read_template(compile_environment(minimal(more=more)).files["backup.yaml"])["Resources"]
    return found


def test_an_environment_without_the_section_has_no_such_stack() -> None:
    """Nothing is paid unasked."""
    assert "backup.yaml" not in compile_environment(minimal()).files


def test_the_vault_stays_and_its_name_is_taken_by_no_later_environment() -> None:
    """A vault with copies cannot be deleted."""
    vault = _resources("backup: {}\n")["Vault"]
    assert (vault["DeletionPolicy"], vault["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert "AWS::StackId" in str(vault["Properties"]["BackupVaultName"])
    assert vault["Properties"].keys() == {"BackupVaultName"}


def test_the_vault_has_the_key_of_the_database_and_the_lock() -> None:
    """Nobody shortens what the plan keeps."""
    vault = _resources("backup: {lock: true, keep_days: 90}\nencryption: {key: create}\n")["Vault"]["Properties"]
    assert vault["EncryptionKeyArn"] == {"Ref": "EncryptionKey"}
    assert vault["LockConfiguration"] == {"MinRetentionDays": 90}


def test_the_role_copies_this_database_alone() -> None:
    """Only a look has no narrower resource."""
    (policy,) = _resources("backup: {}\n")["BackupRole"]["Properties"]["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        looks = all(":Describe" in action for action in statement["Action"])
        assert looks or "*" not in statement["Resource"], statement
    (copies,) = (one for one in policy["PolicyDocument"]["Statement"] if "rds:CreateDBSnapshot" in one["Action"])
    assert NAMED in str(copies["Resource"])


def test_what_the_plan_copies_is_what_the_environment_keeps() -> None:
    """An instance, and a file system where there is one."""
    for delivery, count in (("release", 1), ("efs", 2)):
        text = f"backup: {{}}\ncode: {{delivery: {delivery}}}\nlogs: {{remote: cloudwatch}}\n"
        chosen = _resources(text)["Selection"]["Properties"]["BackupSelection"]
        assert len(chosen["Resources"]) == count
