"""An environment and an AWS in memory on which it can be deployed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from compiler.contract import title
from compiler.model.template_set import TemplateSet
from deployer.aws.ecs import Container, Service
from deployer.aws.stacks import STACK_TYPE, Resource, Stack
from deployer.stacks.outputs import Outputs, read_outputs
from spec.environment import Environment
from spec.reading.load import parse
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.session import FakeSession

YAML = """
name: demo
aws: {account: "123456789012", region: us-west-2, tags: {team: data}}
airflow: {version: 2.5.3, python: "3.10"}
network: {allowed_cidrs: [203.0.113.0/24]}
"""

NESTED = ("storage", "services")
STORAGE = """
Resources:
  CodeBucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Delete
"""


def environment(**replacements: str) -> Environment:
    """Return a small environment; `replacements` are texts of the YAML by what they replace, `protect` aside."""
    text = YAML
    for old, new in replacements.items():
        text = text.replace(old, new)
    return parse(text, "env.yaml")


def outputs_of(world: "World", **more: str) -> Outputs:
    """Return the outputs of the environment of a world, as if it were deployed."""
    given = world.session.cloudformation.outputs("demo", {})
    return read_outputs(Stack("arn", "demo", "CREATE_COMPLETE", outputs={**given, **more}))


def template_set(storage: str = STORAGE, lifetime: str = "") -> TemplateSet:
    """Return templates that are as small as they can be; `lifetime` is one more where it is given."""
    files = {
        "root.yaml": "Resources: {}\n",
        "toolkit.yaml": "Resources: {TemplatesBucket: {Type: AWS::S3::Bucket, DeletionPolicy: Delete}}\n",
        "storage.yaml": storage,
        "services.yaml": "Resources: {}\n",
    }
    more = {"lifetime.yaml": lifetime} if lifetime else {}
    return TemplateSet("demo", {**files, **more}, (*(("lifetime",) if lifetime else ()), *NESTED))


def write_home(folder: Path, *more: str) -> Path:
    """Write the smallest code that the environment's release starts with, and `more` files of one line each."""
    needed = environment().needs_files
    for path in ("dags/one.py", "plugins/hello.py", "webserver_config.py", *needed, *more):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x = 1\n")
    return folder


@dataclass
class Images:
    """Gives a digest, and writes down which repository it was asked for."""

    value: str = f"sha256:{'a' * 64}"
    asked: list[str] = field(default_factory=list)

    def digest(self, repository_uri: str) -> str:
        """Return the digest."""
        self.asked.append(repository_uri)
        return self.value


@dataclass
class World:
    """A session on which stacks have the outputs that their names promise, and services run when counts say so."""

    session: FakeSession = field(default_factory=FakeSession)
    protect: bool = False
    database: str = "db-1"

    def __post_init__(self) -> None:
        """Wire the stacks to what they make."""
        self.session.cloudformation.outputs = self._outputs
        self.session.cloudformation.fetch = self._fetch
        self.session.s3.buckets = {"templates": {}, "code": {}}
        self.session.parameters.values = {"marker": "{}"}
        self.session.ecs.definitions = {
            "command:1": {
                "family": "command",
                "taskDefinitionArn": "command:1",
                "containerDefinitions": [{"name": "airflow", "image": "placeholder"}],
            }
        }

    def _fetch(self, url: str) -> str:
        key = url.partition("/templates/")[2]
        return self.session.s3.buckets["templates"][key].decode()

    def _outputs(self, name: str, parameters: Mapping[str, str]) -> Mapping[str, str]:
        if name == "windsock-toolkit":
            return {"TemplatesBucket": "templates", "DeletionRole": "arn:deletion"}
        self._place_members()
        services = {}
        for key, count in parameters.items():
            if key.endswith("Count"):
                process = key.removesuffix("Count")
                services[f"{process}Service"] = process
                self._place_service(process, int(count))
        return {**self._fixed(), **services, "SchedulerLogGroup": "scheduler-log"}

    def _place_members(self) -> None:
        fake = self.session.cloudformation
        fake.members["demo"] = tuple(
            Resource(title(name), arn(f"demo-{name}"), STACK_TYPE, "CREATE_COMPLETE") for name in NESTED
        )
        fake.members["demo-storage"] = (Resource("CodeBucket", "code", "AWS::S3::Bucket", "CREATE_COMPLETE"),)
        fake.members["demo-services"] = (
            Resource("Scheduler", "arn:aws:ecs:us-west-2:1:service/cluster/Scheduler", "AWS::ECS::Service", ""),
            Resource("Webserver", "arn:aws:ecs:us-west-2:1:service/cluster/Webserver", "AWS::ECS::Service", ""),
            Resource("Cluster", "cluster", "AWS::ECS::Cluster", ""),
            Resource("Command", "arn:aws:ecs:us-west-2:1:task-definition/command:1", "AWS::ECS::TaskDefinition", ""),
            Resource("Database", self.database, "AWS::RDS::DBInstance", ""),
        )
        fake.templates |= {"demo-storage": STORAGE, "demo-services": "Resources: {}\n"}

    def _place_service(self, name: str, count: int) -> None:
        ecs = self.session.ecs
        ecs.running[name] = Service(name, "ACTIVE", count, count, 0, "COMPLETED", 0)
        arn_ = f"arn:aws:ecs:us-west-2:1:task/cluster/{name}"
        ecs.known.pop(arn_, None)
        if count:
            airflow = Container("airflow", "RUNNING", None, "", "HEALTHY")
            ecs.known[arn_] = task(arn_, "definition", airflow, status="RUNNING", group=f"service:{name}")
            ecs.services_of[arn_] = name

    def _fixed(self) -> dict[str, str]:
        return {
            "AirflowVersion": "2.5.3",
            "Protect": str(self.protect).lower(),
            "Url": "http://127.0.0.1:9",
            "TargetGroupArn": "target-group",
            "ClusterName": "cluster",
            "RepositoryUri": "123456789012.dkr.ecr.us-west-2.amazonaws.com/repository",
            "CodeBucket": "code",
            "Marker": "marker",
            "FileSystemId": "fs-1",
            "DatabaseInstance": self.database,
            "AdminPasswordSecret": "arn:secret",
            "CommandTaskDefinition": "command:1",
            "SyncTaskDefinition": "sync:1",
            "TaskSubnets": "subnet-1,subnet-2",
            "CommandSecurityGroup": "sg-command",
            "SyncSecurityGroup": "sg-sync",
        }
