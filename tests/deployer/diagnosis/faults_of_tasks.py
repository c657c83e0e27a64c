"""Faults for which a task does not start or does not stay, in the words of ECS."""

from tests.deployer.diagnosis.planting import (
    Fault,
    prints,
    stopped,
    unplaced,
)

SECRET = "secrets: {API_TOKEN: {secret: demo/token}}"
NO_SECRETS = "ResourceInitializationError: unable to pull secrets or registry auth: "
ROLE = "arn:aws:sts::123456789012:assumed-role/demo-TaskRole/1"


FAULTS = (
    Fault(
        name="failing health check",
        planted="the scheduler is so slow that its own health check fails, and ECS kills it",
        plant=stopped("scheduler", "Task failed container health checks", code=137),
        place="services.scheduler.cpu",
    ),
    Fault(
        name="right that the start lacks",
        planted="somebody takes secretsmanager:GetSecretValue from the execution role",
        plant=stopped(
            "scheduler",
            f"{NO_SECRETS}unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch "
            f"secret x from secrets manager: AccessDeniedException: User: {ROLE} is not authorized to perform: "
            "secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-west-2:123456789012:secret:x",
        ),
        place="airflow.secrets",
    ),
    Fault(
        name="image not found",
        planted="somebody deletes the image from the repository",
        plant=stopped(
            "webserver",
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
            "123456789012.dkr.ecr.us-west-2.amazonaws.com/demo@sha256:1: not found",
        ),
        place="image",
    ),
    Fault(
        name="image for other processors",
        planted="the image is built for arm64, and fargate.architecture is x86_64",
        plant=stopped(
            "webserver",
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): image Manifest does not contain "
            "descriptor matching platform 'linux/amd64'",
        ),
        place="fargate.architecture",
    ),
    Fault(
        name="out of memory",
        planted="the scheduler needs more memory than services.scheduler.memory",
        plant=stopped(
            "scheduler",
            "Essential container in task exited",
            code=137,
            why="OutOfMemoryError: Container killed due to memory usage",
        ),
        place="services.scheduler.memory",
    ),
    Fault(
        name="full disk of a task",
        planted="a task writes files until the disk of the scheduler is full",
        plant=prints(
            "scheduler", "Task failed with exception", "OSError: [Errno 28] No space left on device: '/tmp/x'"
        ),
        place="services.scheduler",
    ),
    Fault(
        name="missing secret",
        planted="somebody renames the secret that airflow.secrets names",
        plant=stopped(
            "scheduler",
            f"{NO_SECRETS}unable to retrieve secret from asm: ResourceNotFoundException: Secrets Manager can't find "
            "the specified secret.",
        ),
        airflow=SECRET,
        place="airflow.secrets.API_TOKEN",
    ),
    Fault(
        name="secret without its key",
        planted="the value of a secret lacks the key that the YAML names",
        plant=stopped(
            "scheduler",
            f"{NO_SECRETS}unable to retrieve secret from asm: retrieved secret from Secrets Manager did not contain "
            "json key password",
        ),
        place="airflow.secrets",
    ),
    Fault(
        name="no road to the file system",
        planted="somebody deletes the mount targets of the file system",
        plant=stopped(
            "scheduler",
            "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Mount "
            "attempt 1/3 failed due to timeout after 15 sec: unsuccessful EFS utils command execution; code: 32",
        ),
        place="network",
    ),
    Fault(
        name="no road to AWS",
        planted="somebody deletes the route to the NAT gateway",
        plant=stopped(
            "scheduler",
            f"{NO_SECRETS}The task cannot pull registry auth from Amazon ECR: There is a connection issue between the "
            'task and Amazon ECR. Post "https://api.ecr.us-west-2.amazonaws.com/": dial tcp 10.0.0.1:443: i/o timeout',
        ),
        place="network.mode",
    ),
    Fault(
        name="no capacity",
        planted="Fargate has no capacity in the zone",
        plant=unplaced(
            "scheduler",
            "(service Scheduler) was unable to place a task. Reason: Capacity is unavailable at this time. Please try "
            "again later or in a different availability zone.",
        ),
        place="fargate.capacity",
    ),
    Fault(
        name="quota of vCPUs",
        planted="the account runs as many vCPUs as its quota has",
        plant=unplaced(
            "scheduler",
            "(service Scheduler) was unable to place a task. Reason: You've reached the limit on the number of vCPUs "
            "you can run concurrently.",
        ),
        place="services.scheduler.cpu",
    ),
)
