"""An environment and an AWS in memory on which it can be deployed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from compiler.contract import title
from compiler.model.template_set import TemplateSet
from deployer.aws.ecs import Container, Service
from deployer.aws.stacks import STACK_TYPE, Resource, Stack
from deployer.release.image import Image
from deployer.stacks.outputs import Outputs, read_outputs
from spec.environment import Environment
from spec.reading.load import parse
from spec.releases.table import Release
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.session import FakeSession

YAML = """
name: demo
aws: {account: "123456789012", region: us-west-2, tags: {team: data}}
airflow: {version: 2.5.3, python: "3.10"}
network: {allowed_cidrs: [203.0.113.0/24]}
"""

DATABASE = 'database: {version: "15"}\n'
NESTED = ("storage", "services")
BASE_IMAGE = "apache/airflow:2.5.3-python3.10"
PINNED_BASE = f"apache/airflow@sha256:{'a' * 64}"
ROOT_TEMPLATE = f"""
Parameters:
  BaseImage: {{Type: String, Default: "{BASE_IMAGE}"}}
Resources: {{}}
"""
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
    text += "" if "\ndatabase:" in text else DATABASE
    return parse(text, "env.yaml")


def outputs_of(world: "World", **more: str) -> Outputs:
    """Return the outputs of the environment of a world, as if it were deployed."""
    given = world.session.cloudformation.outputs("demo", {})
    return read_outputs(Stack(id="arn", name="demo", status="CREATE_COMPLETE", outputs={**given, **more}))


def template_set(storage: str = STORAGE, lifetime: str = "") -> TemplateSet:
    """Return templates that are as small as they can be; `lifetime` is one more where it is given."""
    files = {
        "root.yaml": ROOT_TEMPLATE,
        "toolkit.yaml": "Resources: {TemplatesBucket: {Type: AWS::S3::Bucket, DeletionPolicy: Delete}}\n",
        "storage.yaml": storage,
        "services.yaml": "Resources: {}\n",
    }
    more = {"lifetime.yaml": lifetime} if lifetime else {}
    return TemplateSet("demo", {**files, **more}, (*(("lifetime",) if lifetime else ()), *NESTED))


def write_home(folder: Path, *more: str) -> Path:
    """Write the smallest code that the environment's release starts with, and `more` files of one line each."""
    for path in ("dags/one.py", "plugins/hello.py", "webserver_config.py", *more):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x = 1\n")
    return folder


@dataclass
class Images:
    """Returns an image, and records for which repository."""

    value: str = f"sha256:{'a' * 64}"
    requested: list[str] = field(default_factory=list)
    pinned: list[str] = field(default_factory=list)

    def pin(self, reference: str) -> str:
        """Return the image by a digest."""
        self.pinned.append(reference)
        return f"{reference.rpartition(':')[0]}@{self.value}"

    def provide(self, repository_uri: str, _base_image: str) -> Image:
        """Return the image."""
        self.requested.append(repository_uri)
        return Image(self.value, "tag")

    def provide_release(self, repository_uri: str, release: Release) -> Image:
        """Return an image of a release."""
        self.requested.append(f"{repository_uri}:{release.version}")
        return Image(f"sha256:{release.version}", "release")


@dataclass
class World:
    """A session on which stacks have the outputs that their names promise, and services run as their counts say."""

    session: FakeSession = field(default_factory=FakeSession)
    protect: bool = False
    database: str = "db-1"

    def __post_init__(self) -> None:
        """Let the stacks make their resources."""
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
        self._place_members(parameters)
        services = {}
        for key, count in parameters.items():
            if key.endswith("Count"):
                process = key.removesuffix("Count")
                services[f"{process}Service"] = process
                self._place_service(process, int(count))
        return {**self._fixed(), **services, "SchedulerLogGroup": "scheduler-log"}

    def _place_members(self, parameters: Mapping[str, str]) -> None:
        fake = self.session.cloudformation
        fake.members["demo"] = tuple(
            Resource(logical_id=title(name), physical_id=arn(f"demo-{name}"), type=STACK_TYPE, status="CREATE_COMPLETE")
            for name in NESTED
        )
        fake.members["demo-storage"] = (
            Resource(logical_id="CodeBucket", physical_id="code", type="AWS::S3::Bucket", status="CREATE_COMPLETE"),
        )
        fake.members["demo-services"] = (
            Resource(
                logical_id="Scheduler",
                physical_id="arn:aws:ecs:us-west-2:1:service/cluster/Scheduler",
                type="AWS::ECS::Service",
                status="",
            ),
            Resource(
                logical_id="Webserver",
                physical_id="arn:aws:ecs:us-west-2:1:service/cluster/Webserver",
                type="AWS::ECS::Service",
                status="",
            ),
            Resource(logical_id="Cluster", physical_id="cluster", type="AWS::ECS::Cluster", status=""),
            Resource(
                logical_id="Command",
                physical_id="arn:aws:ecs:us-west-2:1:task-definition/command:1",
                type="AWS::ECS::TaskDefinition",
                status="",
            ),
            Resource(logical_id="Database", physical_id=self.database, type="AWS::RDS::DBInstance", status=""),
        )
        fake.templates |= {"demo-storage": STORAGE, "demo-services": "Resources: {}\n"}
        held = self.session.s3.buckets.get("templates", {})
        keys = {f"demo-{name}": f"demo/{parameters.get(f'{title(name)}Template')}" for name in NESTED}
        fake.templates |= {name: held[key].decode() for name, key in keys.items() if key in held}

    def _place_service(self, name: str, count: int) -> None:
        ecs = self.session.ecs
        ecs.running[name] = Service(
            name=name, status="ACTIVE", desired=count, running=count, pending=0, rollout="COMPLETED", older=0
        )
        arn_ = f"arn:aws:ecs:us-west-2:1:task/cluster/{name}"
        ecs.known.pop(arn_, None)
        if count:
            airflow = Container(name="airflow", status="RUNNING", exit_code=None, reason="", health="HEALTHY")
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
