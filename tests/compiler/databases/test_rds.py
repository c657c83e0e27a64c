"""Promises of the database as an instance: encrypted, private, TLS only, and never lost by accident."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from deployer.permissions.policy import deployer_policies
from spec.sections.database import Rds
from tests.deployer.permissions.subjects import subject_of
from tests.spec.minimal import minimal

if TYPE_CHECKING:
    from spec.environment import Environment
    from tests.compiler.conftest import Case

INSTANCE = "AWS::RDS::DBInstance"


def test_the_database_is_private_and_encrypted(instance: Case) -> None:
    """It is encrypted from the first day, which cannot be changed later, and has no public address."""
    database = instance.only(INSTANCE)
    assert database["StorageEncrypted"] is True
    assert database["PubliclyAccessible"] is False
    assert instance.only("AWS::RDS::DBParameterGroup")["Parameters"]["rds.force_ssl"] == "1"


def test_a_client_that_does_not_answer_loses_its_locks_soon(instance: Case) -> None:
    """A scheduler elsewhere goes on with what it had locked; by default it would wait for a quarter of an hour."""
    parameters = instance.only("AWS::RDS::DBParameterGroup")["Parameters"]
    assert parameters["tcp_user_timeout"] == "30000"
    assert int(parameters["tcp_keepalives_idle"]) + int(parameters["tcp_keepalives_interval"]) < 60


def test_the_password_is_a_reference(instance: Case) -> None:
    """CloudFormation reads user and password from Secrets Manager; the template names the place only."""
    for name, key in (("MasterUsername", "username"), ("MasterUserPassword", "password")):
        reference = f"{{{{resolve:secretsmanager:${{DatabaseCredentials}}:SecretString:{key}}}}}"
        assert instance.only(INSTANCE)[name] == {"Fn::Sub": reference}


def test_settings_are_those_of_the_yaml(largest: Case) -> None:
    """Version, class, size, standby and backups, with the parameter family of the version."""
    database = largest.only(INSTANCE)
    assert database["EngineVersion"] == "17"
    assert largest.only("AWS::RDS::DBParameterGroup")["Family"] == "postgres17"
    assert (database["DBInstanceClass"], database["AllocatedStorage"]) == ("db.m7g.large", "200")
    assert (database["MultiAZ"], database["BackupRetentionPeriod"]) == (True, 35)
    assert database["StorageType"] == "gp3"
    assert database["MaxAllocatedStorage"] == 1000


def test_the_volume_grows_only_if_the_yaml_says_so(instance: Case) -> None:
    """A volume never shrinks, so growth costs money for good."""
    database = instance.env.database
    asked = database.max_storage_gb if isinstance(database, Rds) else None
    assert instance.only(INSTANCE).get("MaxAllocatedStorage") == asked


def _instance(keys: str) -> dict[str, Any]:
    env = minimal(more=f"database: {{{keys}}}\nencryption: {{database: create}}\n")
    resources = read_template(compile_environment(env).files["database.yaml"])["Resources"]
    return dict(resources["Instance"]["Properties"])


def test_rds_works_on_the_database_in_the_windows_of_the_yaml() -> None:
    """Without them it chooses, and the template says nothing."""
    database = _instance('backup_window: "02:00-03:00", maintenance_window: "sun:03:30-sun:04:30"')
    assert database["PreferredBackupWindow"] == "02:00-03:00"
    assert database["PreferredMaintenanceWindow"] == "sun:03:30-sun:04:30"
    assert not [name for name in _instance("") if name.startswith("Preferred")]


def test_rds_measures_the_system_with_a_role_of_its_own() -> None:
    """Which may write to the one log group for it, and nothing else; without the key there is no such role."""
    env = minimal(more="database: {monitoring_seconds: 60}\n")
    resources = read_template(compile_environment(env).files["database.yaml"])["Resources"]
    database = resources["Instance"]["Properties"]
    assert database["MonitoringInterval"] == 60
    assert database["MonitoringRoleArn"] == {"Fn::GetAtt": "MonitoringRole.Arn"}
    role = resources["MonitoringRole"]["Properties"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    (policy,) = role["Policies"]
    on = {text for one in policy["PolicyDocument"]["Statement"] for each in one["Resource"] for text in each.values()}
    assert {text.partition("log-group:")[2] for text in on} == {"RDSOSMetrics", "RDSOSMetrics:log-stream:*"}
    assert "MonitoringRoleArn" not in _instance("")


def test_whoever_deploys_may_pass_the_role_of_the_monitoring_where_there_is_one() -> None:
    """And to no other service more than without it."""
    for more, passed in (("", False), ("database: {monitoring_seconds: 60}\n", True)):
        env = minimal(more=more)
        policies = json.dumps(deployer_policies(subject_of(env)))
        assert ("monitoring.rds.amazonaws.com" in policies) is passed


def test_a_former_instance_keeps_its_key() -> None:
    """Another one would replace it; the snapshot brings that of the new one."""
    restored = "database: {restore_from: {snapshot: demo-copy, generation: 2}, former: {}}\n"
    env = minimal(more=f"{restored}encryption: {{key: create}}\n")
    resources = read_template(compile_environment(env).files["database.yaml"])["Resources"]
    assert [name for name in resources if "KmsKeyId" in resources[name]["Properties"]] == ["Instance"]


def test_insights_are_kept_for_the_week_that_is_free_with_the_key_of_the_database() -> None:
    """Only if the YAML says so."""
    database = _instance("insights: true")
    assert database["EnablePerformanceInsights"] is True
    assert database["PerformanceInsightsRetentionPeriod"] == 7
    assert database["PerformanceInsightsKMSKeyId"] == database["KmsKeyId"] == {"Ref": "EncryptionKey"}
    assert not [name for name in _instance("") if "PerformanceInsights" in name]


def test_extended_support_is_off(instance: Case) -> None:
    """RDS would switch this paid support on by default."""
    assert instance.only(INSTANCE)["EngineLifecycleSupport"] == "open-source-rds-extended-support-disabled"


def test_a_protected_database_refuses_its_deletion(largest: Case, smallest: Case) -> None:
    """Protected: a deletion is refused, and leaves a snapshot and the backups; unprotected: all goes, on purpose."""
    (kept,), (dropped,) = largest.resources(INSTANCE).values(), smallest.resources(INSTANCE).values()
    assert (kept["DeletionPolicy"], kept["UpdateReplacePolicy"]) == ("Snapshot", "Snapshot")
    assert kept["Properties"]["DeletionProtection"] is True
    assert kept["Properties"]["DeleteAutomatedBackups"] is False
    assert (dropped["DeletionPolicy"], dropped["UpdateReplacePolicy"]) == ("Delete", "Delete")
    assert dropped["Properties"]["DeletionProtection"] is False
    assert dropped["Properties"]["DeleteAutomatedBackups"] is True


SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:One-AbCdEf"
RESTORED = f"database: {{restore_from: {{snapshot: snap-1, fernet_seed: {SECRET}, admin_password: {SECRET}}}}}\n"


def _resources(env: Environment, file: str) -> dict[str, Any]:
    found: dict[str, Any] = read_template(compile_environment(env).files[file])["Resources"]
    return {name: resource["Properties"] for name, resource in found.items()}


def test_a_restored_database_begins_with_its_snapshot() -> None:
    """CloudFormation takes no user, name or encryption with it; the password becomes the new environment's."""
    new, restored = (_resources(env, "database.yaml")["Instance"] for env in (minimal(), minimal(more=RESTORED)))
    assert restored["DBSnapshotIdentifier"] == "snap-1"
    assert new.keys() - restored.keys() == {"DBName", "MasterUsername", "StorageEncrypted"}
    assert restored["MasterUserPassword"] == new["MasterUserPassword"]


def test_a_restored_database_brings_its_secrets() -> None:
    """Copies of their values take the place of new ones; what only signs is made anew."""
    secrets = _resources(minimal(more=RESTORED), "secrets.yaml")
    copied = {name for name, properties in secrets.items() if "SecretString" in properties}
    assert copied == {"FernetSeed", "AdminPassword"}
    assert secrets["FernetSeed"]["SecretString"] == f"{{{{resolve:secretsmanager:{SECRET}:SecretString}}}}"
    assert all("GenerateSecretString" not in secrets[name] for name in copied)


def test_another_major_version_is_allowed_only_where_the_yaml_says_so() -> None:
    """The template names the flag for as long as the YAML does, and for no other environment."""
    allowed = 'database: {version: "15", allow_major_version_upgrade: true}\n'
    plain, newer = (_resources(env, "database.yaml")["Instance"] for env in (minimal(), minimal(more=allowed)))
    assert "AllowMajorVersionUpgrade" not in plain
    assert newer["AllowMajorVersionUpgrade"] is True


_AGAIN = 'version: "15", restore_from: {snapshot: snap-1, generation: 2}, former: {version: "16"}'
SECOND = f"protect: true\ndatabase: {{{_AGAIN}}}\n"


def test_a_second_instance_stands_beside_the_former_one() -> None:
    """The former keeps its logical id and what it holds; the outputs, and so all clients, name the new one."""
    env = minimal(more=SECOND)
    template = read_template(compile_environment(env).files["database.yaml"])
    former, second = (template["Resources"][name] for name in ("Instance", "Instance2"))
    assert (former["Properties"]["EngineVersion"], second["Properties"]["EngineVersion"]) == ("16", "15")
    assert former["Properties"]["DBName"] == "airflow"
    assert second["Properties"]["DBSnapshotIdentifier"] == "snap-1"
    assert template["Resources"]["ParameterGroup"]["Properties"]["Family"] == "postgres16"
    assert template["Resources"]["ParameterGroup2"]["Properties"]["Family"] == "postgres15"
    assert template["Outputs"]["DatabaseInstance"]["Value"] == {"Ref": "Instance2"}
    assert "GenerateSecretString" in _resources(env, "secrets.yaml")["FernetSeed"]


def test_a_former_instance_can_be_removed_and_leaves_its_snapshot() -> None:
    """CloudFormation deletes nothing under deletion protection; the serving instance has it."""
    template = read_template(compile_environment(minimal(more=SECOND)).files["database.yaml"])
    former, second = (template["Resources"][name] for name in ("Instance", "Instance2"))
    assert (former["DeletionPolicy"], former["Properties"]["DeletionProtection"]) == ("Snapshot", False)
    assert second["Properties"]["DeletionProtection"] is True


def test_a_third_instance_has_the_second_as_its_former() -> None:
    """Under the name that it has, with the snapshot that it began with."""
    third = "database: {restore_from: {snapshot: snap-2, generation: 3}, former: {snapshot: snap-1}}\n"
    resources = _resources(minimal(more=third), "database.yaml")
    assert "Instance" not in resources
    assert [resources[name]["DBSnapshotIdentifier"] for name in ("Instance2", "Instance3")] == ["snap-1", "snap-2"]


def test_an_instance_begins_with_a_moment_of_the_backups_of_another() -> None:
    """It names them by what no later instance has, and goes on doing so when that one is gone."""
    moment = 'instance: db-ABCDEFGH12345678, time: "2026-11-29T07:30:00Z"'
    again = f"database: {{restore_from: {{{moment}, generation: 2}}, former: {{}}}}\n"
    former, second = (_resources(minimal(more=again), "database.yaml")[name] for name in ("Instance", "Instance2"))
    origin = {"SourceDbiResourceId": "db-ABCDEFGH12345678", "RestoreTime": "2026-11-29T07:30:00Z"}
    assert second.keys() - former.keys() == origin.keys()
    assert {name: second[name] for name in origin} == origin
    assert former.keys() - second.keys() == {"DBName", "MasterUsername", "StorageEncrypted"}
    third = f"database: {{restore_from: {{snapshot: snap-2, generation: 3}}, former: {{{moment}}}}}\n"
    assert _resources(minimal(more=third), "database.yaml")["Instance2"]["RestoreTime"] == origin["RestoreTime"]
    alone = _resources(minimal(more=again.replace(", former: {}", "")), "database.yaml")
    assert alone["Instance2"] == second
    assert "Instance" not in alone
