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


def test_the_vault_has_the_key_of_the_file_system_and_the_lock() -> None:
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


def test_what_decrypts_the_copies_stays_with_them() -> None:
    """A key of the environment's own and the secrets of its database outlive a teardown, as with a final snapshot."""
    files = compile_environment(minimal(more="backup: {}\nencryption: {key: create}\n")).files
    kept = {
        title: resource["DeletionPolicy"]
        for name in ("keys.yaml", "secrets.yaml", "database.yaml")
        for title, resource in read_template(files[name])["Resources"].items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    }
    retained = "RetainExceptOnCreate"
    assert kept == {"EncryptionKey": retained, "FernetSeed": retained, "AdminPassword": retained}


def test_aws_backup_may_use_the_keys_of_what_it_copies() -> None:
    """It lets RDS and EFS encrypt with them, and does nothing with them itself."""
    given = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    more = f"backup: {{}}\nencryption: {{key: create, file_system: {given}}}\n"
    (policy,) = _resources(more)["BackupRole"]["Properties"]["Policies"]
    keys = {one["Sid"]: one for one in policy["PolicyDocument"]["Statement"] if "kms:" in str(one["Action"])}
    assert keys["LetServicesUseKeys"]["Action"] == ["kms:CreateGrant"]
    assert keys["LetServicesUseKeys"]["Resource"] == [{"Ref": "EncryptionKey"}, given]
    assert keys["LetServicesUseKeys"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    assert keys["LookAtKeys"]["Action"] == ["kms:DescribeKey"]


def test_a_copy_begins_soon_where_the_database_goes_to_sleep() -> None:
    """Else whenever AWS Backup and the windows of RDS leave time for it."""

    def planned(more: str) -> dict[str, Any]:
        (rule,) = _resources(more)["Plan"]["Properties"]["BackupPlan"]["BackupPlanRule"]
        return dict(rule)

    awake = 'schedule: {on: "08:00-18:00 Mon-Fri", timezone: Europe/Berlin}\n'
    assert planned(f'backup: {{schedule: "cron(0 11 ? * MON-FRI *)"}}\n{awake}')["StartWindowMinutes"] == 60
    assert "StartWindowMinutes" not in planned("backup: {}\n")
