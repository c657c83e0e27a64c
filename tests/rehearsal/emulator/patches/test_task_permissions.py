"""The promises of rehearsal/emulator/patches/task_permissions.py, in an emulator."""

from typing import Any

import pytest

from tests.rehearsal.emulator.iam.roles import TASKS, add_role, allow, document
from tests.rehearsal.yard import ACCOUNT, IMAGE, REGION, Yard

pytestmark = pytest.mark.rehearsal
EVERYTHING = allow("*")


def outcome(yard: Yard, *command: str, execution: str = "", task: str = "", **container: Any) -> tuple[str, int | None]:
    """Run a task of its own definition with these roles; its reason to stop, and its exit code."""
    ecs = yard.client("ecs")
    definition = ecs.describe_task_definition(taskDefinition=yard.outputs["Once"])["taskDefinition"]
    (only,) = definition["containerDefinitions"]
    registered = ecs.register_task_definition(
        family="rights",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        executionRoleArn=execution or definition["executionRoleArn"],
        taskRoleArn=task or definition["taskRoleArn"],
        volumes=definition["volumes"],
        containerDefinitions=[{**only, "secrets": [], **container, "command": list(command)}],
    )["taskDefinition"]["taskDefinitionArn"]
    run = ecs.run_task(cluster=yard.outputs["Cluster"], taskDefinition=registered, launchType="FARGATE", **yard.placed)
    ended = yard.reached(run["tasks"][0]["taskArn"], "STOPPED")
    return ended["stoppedReason"], ended["containers"][0].get("exitCode")


def role(yard: Yard, name: str, *statements: Any) -> str:
    """Return the ARN of a new role of tasks."""
    return add_role(yard, name, *statements, trust=TASKS)


def test_a_task_whose_role_does_not_trust_ecs_does_not_start(yard: Yard) -> None:
    """With the sentence of ECS."""
    reason, _ = outcome(yard, "true", task=add_role(yard, "untrusting", EVERYTHING))
    assert f"ECS was unable to assume the role 'arn:aws:iam::{ACCOUNT}:role/untrusting'" in reason


def test_trust_in_tasks_of_another_account_is_none(yard: Yard) -> None:
    """A trust policy names the account and the source for which ECS may act."""
    iam = yard.client("iam")
    elsewhere = {"StringEquals": {"aws:SourceAccount": "999999999999"}}
    trust = {"Effect": "Allow", "Principal": TASKS, "Action": "sts:AssumeRole", "Condition": elsewhere}
    created = iam.create_role(RoleName="elsewhere", AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    assert "unable to assume the role" in outcome(yard, "true", task=created)[0]


def test_a_secret_that_the_execution_role_may_not_read_stops_the_start(yard: Yard) -> None:
    """With the words of ECS, and those of Secrets Manager in them."""
    secret = yard.client("secretsmanager").create_secret(Name="for-tasks", SecretString="x")["ARN"]
    secrets = [{"name": "WORD", "valueFrom": secret}]
    logs_only = role(yard, "logs-only", allow("logs:*"))
    reason, _ = outcome(yard, "true", execution=logs_only, secrets=secrets)
    assert reason.startswith("ResourceInitializationError: unable to pull secrets or registry auth")
    assert f"not authorized to perform: secretsmanager:GetSecretValue on resource: {secret}" in reason
    reading = role(yard, "secrets-too", allow("logs:*"), allow("secretsmanager:GetSecretValue", on=secret))
    assert outcome(yard, "true", execution=reading, secrets=secrets)[1] == 0


def test_a_secret_whose_key_the_execution_role_may_not_use_stops_the_start(yard: Yard) -> None:
    """Secrets Manager decrypts with the rights of whoever reads."""
    key = yard.client("kms").create_key()["KeyMetadata"]["Arn"]
    secret = yard.client("secretsmanager").create_secret(Name="keyed-word", SecretString="x", KmsKeyId=key)["ARN"]
    secrets, reads = [{"name": "WORD", "valueFrom": secret}], allow("secretsmanager:GetSecretValue", on=secret)
    without = role(yard, "no-decrypt", allow("logs:*"), reads)
    reason, _ = outcome(yard, "true", execution=without, secrets=secrets)
    assert f"not authorized to perform: kms:Decrypt on resource: {key}" in reason
    may = role(yard, "decrypts", allow("logs:*"), reads, allow("kms:Decrypt", on=key))
    assert outcome(yard, "true", execution=may, secrets=secrets)[1] == 0


def test_a_secret_named_without_the_end_of_its_arn_is_read_by_the_right_to_its_whole_arn(yard: Yard) -> None:
    """IAM compares the ARN of the secret that is read, not what the task definition says."""
    manager = yard.client("secretsmanager")
    manager.create_secret(Name="team/word-list", SecretString="wrong")
    manager.create_secret(Name="team/word", SecretString="x")
    partial = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:team/word"
    secrets = [{"name": "WORD", "valueFrom": partial}]
    reading = role(yard, "by-name", allow("logs:*"), allow("secretsmanager:GetSecretValue", on=f"{partial}-??????"))
    assert outcome(yard, "sh", "-c", 'test "$WORD" = x', execution=reading, secrets=secrets) == (
        "Essential container in task exited",
        0,
    )
    exact = role(yard, "by-less", allow("logs:*"), allow("secretsmanager:GetSecretValue", on=partial))
    assert (
        "not authorized to perform: secretsmanager:GetSecretValue"
        in (outcome(yard, "true", execution=exact, secrets=secrets)[0])
    )


def test_a_key_that_a_secret_does_not_have_stops_the_start(yard: Yard) -> None:
    """A task never starts without a variable of its definition."""
    secret = yard.client("secretsmanager").create_secret(Name="keys", SecretString='{"a": "1"}')["ARN"]
    reading = role(yard, "keys-too", allow("logs:*"), allow("secretsmanager:GetSecretValue", on=secret))
    secrets = [{"name": "WORD", "valueFrom": f"{secret}:b::"}]
    assert outcome(yard, "true", execution=reading, secrets=secrets)[0].startswith("ResourceInitializationError")


def test_a_log_stream_that_the_execution_role_may_not_create_stops_the_start(yard: Yard) -> None:
    """ECS creates it before the container starts."""
    reason, _ = outcome(yard, "true", execution=role(yard, "nothing"))
    assert "failed to create Cloudwatch log stream: AccessDeniedException" in reason


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [((), "ResourceInitializationError"), (("ecr:GetAuthorizationToken",), "CannotPullContainerError")],
)
def test_an_image_that_the_execution_role_may_not_pull_stops_the_start(
    yard: Yard, allowed: tuple[str, ...], expected: str
) -> None:
    """Without the token it is no authentication, without the layers no image."""
    name = f"pulls-{len(allowed)}"
    rights = [allow("logs:*"), *([allow(*allowed)] if allowed else [])]
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/code@sha256:{'0' * 64}"
    reason, _ = outcome(yard, "true", execution=role(yard, name, *rights), image=image)
    assert reason.startswith(expected)
    assert "is not authorized to perform: ecr:" in reason


def test_a_mount_without_the_right_to_mount_stops_the_start(yard: Yard) -> None:
    """The NFS server denies it."""
    reason, _ = outcome(yard, "true", task=role(yard, "mounts-nothing", allow("s3:*")))
    assert "access denied by server while mounting" in reason


def test_a_mount_without_the_right_to_write_is_read_only(yard: Yard) -> None:
    """And one with it can be written."""
    mounting = role(yard, "reads-files", allow("elasticfilesystem:ClientMount"))
    assert outcome(yard, "touch", "/opt/shelf/new", task=mounting)[1] != 0
    writing = role(yard, "writes-files", allow("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"))
    assert outcome(yard, "touch", "/opt/shelf/new", task=writing)[1] == 0


def test_a_policy_that_names_an_access_point_allows_no_other(yard: Yard) -> None:
    """The condition key of the mount is the ARN of its access point."""
    other = f"arn:aws:elasticfilesystem:{REGION}:{ACCOUNT}:access-point/fsap-other"
    named = allow("elasticfilesystem:ClientMount", StringEquals={"elasticfilesystem:AccessPointArn": other})
    assert "access denied by server" in outcome(yard, "true", task=role(yard, "other-point", named))[0]


def test_lines_that_the_execution_role_may_not_write_are_lost(yard: Yard) -> None:
    """The task runs all the same, as on AWS."""
    creating = role(yard, "creates-streams", allow("logs:CreateLogStream"))
    assert outcome(yard, "echo", "unheard", execution=creating, image=IMAGE)[1] == 0
