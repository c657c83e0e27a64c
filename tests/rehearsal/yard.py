"""An emulator with a small stack in it, for tests that need the whole emulator."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from rehearsal.clients.oidc_provider import Identity
from rehearsal.emulator.rules.settings import OutsideDatabase
from rehearsal.images.virtualenvs import Virtualenv
from rehearsal.session import emulator_session

ACCOUNT, REGION = "123456789012", "eu-central-1"
HERE = Path(__file__).parent
CACHE = Path(os.environ.get("WINDSOCK_CACHE") or HERE.parents[1] / ".cache" / "tests")
IMAGE = "example.org/yard:1"
SECONDS = 120
"""The longest wait of a test."""
LATE_SECONDS = 10
Resources = dict[str, Any]
WEB = """
import http.server, sys
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = str(dict(self.headers)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
if sys.argv[1] == "crash":
    sys.exit(3)
http.server.ThreadingHTTPServer(("", 8080), Answers).serve_forever()
"""


def environment() -> Path:
    """Return a Python with a Postgres client, which stands for an image."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    requirements = [HERE / "requirements.txt"]
    return Virtualenv(name="yard", python=version, requirements=requirements, cache=CACHE).build()


def start(
    directory: Path,
    *,
    detach: bool = False,
    identity: Identity | None = None,
    outside_database: OutsideDatabase | None = None,
) -> emulator_session.EmulatorSession:
    """Start an emulator on free ports."""
    where: dict[str, Any] = {"region": REGION, "account": ACCOUNT, "cache": CACHE, "gateway_port": 0, "web_port": 0}
    where["outside_database"] = outside_database
    return emulator_session.start(directory, detach=detach, identity=identity, **where)


@dataclass
class Yard:
    """The emulator, its stack, and what tests do with them."""

    emulator: emulator_session.EmulatorSession
    outputs: dict[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Return a boto3 client of the emulator."""
        identity = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": self.emulator.secret_key}
        client: Any = boto3.client  # its stubs want literal names
        return client(service, endpoint_url=self.emulator.endpoint_url, region_name=REGION, **identity)

    def publish(self) -> None:
        """Put the templates where CloudFormation fetches them."""
        s3 = self.client("s3")
        s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": REGION})
        for file in (HERE / "stacks").iterdir():
            s3.put_object(Bucket="templates", Key=file.name, Body=file.read_bytes())

    def link_ecs(self) -> None:
        """Make the service-linked role of ECS, and wait until it has arrived."""
        iam = self.client("iam")
        name = iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]["RoleName"]
        iam.get_waiter("role_exists").wait(RoleName=name, WaiterConfig={"Delay": 1})

    def change(self, kind: str, **parameters: str) -> str:
        """Create or update the stack through a change set; the status it ends in."""
        client = self.client("cloudformation")
        given = {"TemplatesUrl": f"https://s3.{REGION}.amazonaws.com/templates", **parameters}
        name = {"StackName": "yard", "ChangeSetName": f"change{time.monotonic_ns()}"}
        client.create_change_set(
            **name,
            ChangeSetType=kind,
            TemplateBody=(HERE / "stacks" / "root.yaml").read_text(encoding="utf-8"),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()],
        )
        client.get_waiter("change_set_create_complete").wait(**name, WaiterConfig={"Delay": 1})
        client.execute_change_set(**name)
        status = self.settled("yard")
        described = client.describe_stacks(StackName="yard")["Stacks"][0]
        self.outputs = {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}
        return status

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, at most two minutes."""
        deadline = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < deadline, emulator_session.log_tail(self.emulator, 40)
            time.sleep(0.1)

    def settled(self, stack: str) -> str:
        """Wait for the end of what happens to a stack; its status then."""
        self.until(lambda: not self.status(stack).endswith("IN_PROGRESS"))
        return self.status(stack)

    def status(self, stack: str) -> str:
        """Return the status of a stack, by name or ARN."""
        return str(self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])

    def create(self, name: str, resources: Resources, *, outputs: Resources | None = None, **options: Any) -> str:
        """Create a stack of its own from some resources; its ARN, when it has settled."""
        body = template(resources, outputs)
        created = self.client("cloudformation").create_stack(StackName=name, TemplateBody=body, **options)
        self.settled(created["StackId"])
        return str(created["StackId"])

    def update(self, stack: str, resources: Resources, *, outputs: Resources | None = None) -> str:
        """Update such a stack; the status in which it ends."""
        body = template(resources, outputs)
        self.client("cloudformation").update_stack(StackName=stack, TemplateBody=body)
        return self.settled(stack)

    def delete(self, stack: str) -> str:
        """Delete such a stack; the status in which it ends."""
        self.client("cloudformation").delete_stack(StackName=stack)
        return self.settled(stack)

    def output(self, stack: str, key: str) -> str:
        """One output of a stack."""
        outputs = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
        return str(next(one["OutputValue"] for one in outputs if one["OutputKey"] == key))

    def events(self, stack: str) -> list[tuple[str, str, str]]:
        """Logical id, status and reason of a stack's events, oldest first."""
        found = self.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
        parts = ("LogicalResourceId", "ResourceStatus", "ResourceStatusReason")
        return [(event[parts[0]], event[parts[1]], event.get(parts[2], "")) for event in reversed(found)]

    def nested(
        self, name: str, resources: Resources, outputs: Resources | None = None, given: Resources | None = None
    ) -> dict[str, Any]:
        """Return a nested stack resource with parameters; upload its template to where CloudFormation fetches it."""
        body = template(resources, outputs, tuple(given or ()))
        self.client("s3").put_object(Bucket="templates", Key=name, Body=body.encode())
        url = f"https://s3.{REGION}.amazonaws.com/templates/{name}"
        return {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": given or {}}}

    def propose(self, stack: str, resources: Resources, *, kind: str = "CREATE", **options: Any) -> dict[str, Any]:
        """Create a change set with those of its nested stacks; its description, when it is ready or has failed."""
        client = self.client("cloudformation")
        asked = {"IncludeNestedStacks": True, **options}
        name = f"proposal{time.monotonic_ns()}"
        made = client.create_change_set(
            StackName=stack, ChangeSetName=name, ChangeSetType=kind, TemplateBody=template(resources), **asked
        )
        self.until(lambda: not self.proposal(made["Id"])["Status"].endswith(("PENDING", "IN_PROGRESS")))
        return self.proposal(made["Id"])

    def proposal(self, change_set: str) -> dict[str, Any]:
        """Return the description of a change set; `Changes` by logical id."""
        described = self.client("cloudformation").describe_change_set(ChangeSetName=change_set)
        changes = [one["ResourceChange"] for one in described["Changes"]]
        return {**described, "Changes": {one["LogicalResourceId"]: one for one in changes}}

    @property
    def placed(self) -> dict[str, Any]:
        """The network configuration of a request: the subnets and the group of the stack, with a public address."""
        where = {"subnets": self.outputs["Subnets"].split(","), "securityGroups": [self.outputs["Group"]]}
        return {"networkConfiguration": {"awsvpcConfiguration": {**where, "assignPublicIp": "ENABLED"}}}

    def serve(self, definition: str, **properties: Any) -> str:
        """Create a service of one task with the ECS API; its ARN."""
        where = {"cluster": self.outputs["Cluster"], "taskDefinition": definition, "launchType": "FARGATE"}
        service = self.client("ecs").create_service(**where, desiredCount=1, **{**self.placed, **properties})["service"]
        return str(service["serviceArn"])

    def bare_definition(self, family: str, *command: str, image: str = IMAGE) -> str:
        """Register a task definition without secrets, files and a task role; its ARN."""
        options = {"awslogs-group": self.outputs["LogGroup"], "awslogs-region": REGION, "awslogs-stream-prefix": family}
        logs = {"logDriver": "awslogs", "options": options}
        container = {"name": family, "image": image, "command": list(command), "logConfiguration": logs}
        size: dict[str, Any] = {"cpu": "256", "memory": "512", "networkMode": "awsvpc"}
        ecs = self.client("ecs")
        once = ecs.describe_task_definition(taskDefinition=self.outputs["Once"])["taskDefinition"]
        size["executionRoleArn"] = once["executionRoleArn"]
        registered = ecs.register_task_definition(family=family, containerDefinitions=[container], **size)
        return str(registered["taskDefinition"]["taskDefinitionArn"])

    def printed(self, definition: str, **placed: Any) -> list[str]:
        """Run a task of such a definition to its end; its lines."""
        where = {"cluster": self.outputs["Cluster"], **(placed or self.placed)}
        (task,) = self.client("ecs").run_task(taskDefinition=definition, launchType="FARGATE", **where)["tasks"]
        return self.lines_of(self.reached(task["taskArn"], "STOPPED"))

    def rollout(self, service: str) -> str:
        """Return the rollout state of a service's deployment."""
        cluster = self.outputs["Cluster"]
        described = self.client("ecs").describe_services(cluster=cluster, services=[service])["services"][0]
        return str(described["deployments"][0]["rolloutState"])

    def tasks(self, service: str, desired: str = "RUNNING") -> list[dict[str, Any]]:
        """Return the tasks of a service with a desired status."""
        client, cluster, name = self.client("ecs"), self.outputs["Cluster"], service.rpartition("/")[2]
        arns = client.list_tasks(cluster=cluster, serviceName=name, desiredStatus=desired)["taskArns"]
        return list(client.describe_tasks(cluster=cluster, tasks=arns)["tasks"]) if arns else []

    def dismiss(self, service: str) -> None:
        """Delete a service."""
        self.client("ecs").delete_service(cluster=self.outputs["Cluster"], service=service, force=True)

    def launch(self, *command: str, definition: str = "Once", subnets: Iterable[str] = ()) -> str:
        """Run a one-off task, in any subnet of the stack or in one of these; its ARN."""
        placed = self.placed
        if subnets:
            placed["networkConfiguration"]["awsvpcConfiguration"]["subnets"] = [*subnets]
        overrides = {"containerOverrides": [{"name": definition.lower(), "command": list(command)}]} if command else {}
        where = {"cluster": self.outputs["Cluster"], "taskDefinition": self.outputs[definition]}
        run = self.client("ecs").run_task(**where, launchType="FARGATE", overrides=overrides, **placed)
        return str(run["tasks"][0]["taskArn"])

    def reached(self, task: str, status: str) -> dict[str, Any]:
        """Wait until a task has a status; its description then."""
        client = self.client("ecs")
        deadline = time.monotonic() + SECONDS
        while True:
            described = client.describe_tasks(cluster=self.outputs["Cluster"], tasks=[task])["tasks"]
            if described and described[0]["lastStatus"] == status:
                return dict(described[0])
            assert time.monotonic() < deadline, described
            time.sleep(0.05)

    def lines_of(self, ended: dict[str, Any]) -> list[str]:
        """Return what a task that has run wrote to CloudWatch Logs, line by line; it may arrive after its end."""
        assert ended["containers"][0].get("exitCode") is not None, ended["stoppedReason"]
        return self.said(ended)

    def said(self, described: dict[str, Any]) -> list[str]:
        """Return what a task has written to CloudWatch Logs so far, line by line."""
        (container,) = described["containers"]
        stream = f"{container['name']}/{container['name']}/{described['taskArn'].rsplit('/', 1)[1]}"
        where = {"logGroupName": self.outputs["LogGroup"], "logStreamName": stream}
        logs, deadline = self.client("logs"), time.monotonic() + LATE_SECONDS
        while True:
            try:
                return [event["message"] for event in logs.get_log_events(**where)["events"]]
            except logs.exceptions.ResourceNotFoundException:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def run(self, *command: str) -> list[str]:
        """Run a one-off task, which has to succeed; its lines."""
        task = self.launch(*command)
        ended = self.reached(task, "STOPPED")
        lines = self.lines_of(ended)
        assert ended["containers"][0]["exitCode"] == 0, (ended["stoppedReason"], lines)
        return lines


def template(resources: Resources, outputs: Resources | None = None, parameters: Iterable[str] = ()) -> str:
    """Return a template of some resources."""
    values = {key: {"Value": value} for key, value in (outputs or {}).items()}
    declared = {name: {"Type": "String"} for name in parameters}
    parts = {"Parameters": declared, "Resources": resources, "Outputs": values}
    return json.dumps({name: part for name, part in parts.items() if part})


@contextmanager
def running_yard(
    directory: Path, identity: Identity | None = None, outside_database: OutsideDatabase | None = None
) -> Iterator[Yard]:
    """Start an emulator with the stack created at zero tasks; end it with the block."""
    running = start(directory, identity=identity, outside_database=outside_database)
    try:
        emulator_session.add_image(running, IMAGE, environment(), variables={"PYTHONUNBUFFERED": "1"})
        yard = Yard(running)
        yard.publish()
        yard.link_ecs()
        status = yard.change("CREATE")
        assert status == "CREATE_COMPLETE", emulator_session.log_tail(running, 40)
        yield yard
    finally:
        emulator_session.stop(running)
