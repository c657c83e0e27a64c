"""Causes for which a task does not start or does not stay: image, secrets, logs, files, network, memory and disk.

Source: "Amazon ECS stopped tasks error messages", Amazon ECS Developer Guide,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""

from deployer.diagnosis.evidence import Source
from deployer.diagnosis.signs import Sign, looks

_TASK = frozenset({Source.TASK, Source.SERVICE, Source.EVENT})
_SAID = frozenset({Source.TASK, Source.LOG})
_FETCH = r"(?:unable to (?:pull secrets|retrieve)|CannotPull|failed to resolve)"
_NO_ROAD = r"(?:i/o timeout|context deadline exceeded|connection issue|no such host|dial tcp)"

LOOKS = looks(
    (
        Sign(
            name="out of memory",
            sources=_TASK,
            pattern=r"OutOfMemoryError|killed due to memory usage",
            what="The {about} needs more memory than it has.",
            key="{size}.memory",
            next_step="Raise it, run `windsock compile ENV`, and deploy.",
            although_well=True,
        ),
        Sign(
            name="image for other processors",
            sources=_SAID,
            pattern=r"descriptor matching platform|exec format error",
            what="The image of the {about} is made for other processors than those of fargate.architecture.",
            key="fargate.architecture",
            next_step="Deploy with the architecture of the image, or let `windsock deploy` build the image anew.",
        ),
        Sign(
            name="right that the start lacks",
            sources=_TASK,
            pattern=rf"{_FETCH}.*?not authorized to perform: (?P<action>[a-z0-9-]+:\w+)"
            r"(?: on resource: (?P<resource>\S+))?"
            rf"|{_FETCH}.*?(?:403 Forbidden|AccessDenied)",
            what="The {about} may not read what it needs to start: its execution role lacks the right {action}.",
            key="airflow.secrets",
            next_step="Give the role its policy back, as the templates have it. A key, or a secret of another account, "
            "must let the role read {resource} too.",
        ),
        Sign(
            name="renamed secret",
            sources=_TASK,
            pattern=r"can't find the specified secret|Secrets Manager can't find|ResourceNotFoundException.{0,80}secret"
            r"|invalid ssm parameters?: (?P<parameter>\S+)|ParameterNotFound",
            what="A secret that the {about} reads is not there: somebody renamed or deleted it.",
            key="airflow.secrets",
            next_step="`windsock secrets list ENV` shows which; store it under its name, or change the name.",
        ),
        Sign(
            name="secret without its key",
            sources=_TASK,
            pattern=r"json key (?P<wanted>\S+)",
            what="The value of a secret that the {about} reads lacks the key {wanted}.",
            key="airflow.secrets",
            next_step="Store a JSON object that has it: `windsock secrets set ENV NAME`, then deploy.",
        ),
        Sign(
            name="no log group",
            sources=_TASK,
            pattern=r"log group does not exist|specified log group|ResourceNotFoundException.{0,60}log group",
            what="The log group of the {about} is not there.",
            key="logs",
            next_step="`windsock deploy ENV --repair` makes it again.",
        ),
        Sign(
            name="no road to the file system",
            sources=_TASK,
            pattern=r"failed to invoke EFS utils|mount\.nfs4|Failed to resolve .{0,60}efs",
            what="The {about} cannot mount the file system.",
            key="network",
            next_step="Look whether its mount targets and their security group are there, as the templates have them.",
        ),
        Sign(
            name="no road to AWS",
            sources=_TASK,
            pattern=rf"(?:ResourceInitializationError|CannotPullContainerError).*{_NO_ROAD}",
            what="The {about} cannot reach the services of AWS from its subnets.",
            key="network.mode",
            next_step="Look at routes, NAT and endpoints of the subnets: they must be as the templates have them.",
        ),
        Sign(
            name="image not found",
            sources=_TASK,
            pattern=r"CannotPullContainerError|failed to resolve ref|manifest unknown|pull access denied",
            what="The image of the {about} is not in the registry.",
            key="image",
            next_step="Run `windsock deploy ENV`: it builds and pushes the image of the YAML.",
        ),
        Sign(
            name="full disk of a task",
            sources=_SAID,
            pattern=r"No space left on device",
            what="The disk of the {about} is full.",
            key="{size}",
            next_step="Write less below /tmp, or send files to S3; restart it with `windsock deploy ENV`.",
            although_well=True,
        ),
    )
)

UNHEALTHY = looks(
    (
        Sign(
            name="failing health check",
            sources=_TASK,
            pattern=r"failed container health checks|failed ELB health checks|its health check fails|is unhealthy",
            what="The {about} runs, but does not pass its health check: it hangs, or is too slow.",
            key="{size}.cpu",
            next_step="Read `windsock logs ENV {about}`; give it more CPU or memory, and deploy.",
        ),
    )
)
"""What ECS sees from outside; whatever a process itself says explains more."""
