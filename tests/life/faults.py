"""Faults that a test plants in a running rehearsal by the API of AWS, as somebody would, and undoes again."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from spec.reading.load import load
from tests.life.kept import Kept

_MISSING_MODULE = "import a_package_that_nobody_has\n"
_GREEDY = ["bash", "-c", "python -c 'x = bytearray(8 << 30)'"]
"""Takes 8 GiB, which no task of a rehearsal has."""
_WRONG_OPTION = {"name": "AIRFLOW__CORE__PARALLELISM", "value": "many"}
_NO_PAGE = "/there-is-no-such-page"


@dataclass(frozen=True, kw_only=True)
class Planted:
    """How a fault comes and goes; one that `stays` is not gone when it is undone, since its resource has a new id."""

    plant: Callable[[], Any]
    undo: Callable[[], Any]
    stays: bool = False


@dataclass(frozen=True)
class Faults:
    """The faults that a kept rehearsal can have; `folder` is one of the test's own."""

    kept: Kept
    folder: Path

    def of(self, name: str) -> Planted:
        """Return the fault that a diagnosis names so."""
        return _FAULTS[name](self)

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        """The physical id of each resource, by logical id."""
        return dict(self._below(load(self.kept.environment).name))

    @property
    def _cluster(self) -> str:
        return self._ids["Cluster"]

    def _below(self, stack: str) -> list[tuple[str, str]]:
        found = self.kept.client("cloudformation").list_stack_resources(StackName=stack)["StackResourceSummaries"]
        own = [(one["LogicalResourceId"], one["PhysicalResourceId"]) for one in found]
        nested = [identity for _, identity in own if ":stack/" in identity]
        return [*own, *(pair for one in nested for pair in self._below(one))]

    def _update(self, service: str, **changes: Any) -> None:
        ecs = self.kept.client("ecs")
        ecs.update_service(cluster=self._cluster, service=self._ids[service], **changes)

    def _definition(self, service: str) -> dict[str, Any]:
        ecs = self.kept.client("ecs")
        (found,) = ecs.describe_services(cluster=self._cluster, services=[self._ids[service]])["services"]
        described: dict[str, Any] = ecs.describe_task_definition(taskDefinition=found["taskDefinition"])
        return dict(described["taskDefinition"])

    def changed(self, change: Callable[[dict[str, Any]], Any]) -> Planted:
        """Return what lets the scheduler run another task definition."""
        usual = self._definition("SchedulerService")
        known = ("family", "taskRoleArn", "executionRoleArn", "networkMode", "volumes", "cpu", "memory")
        more = ("requiresCompatibilities", "runtimePlatform", "containerDefinitions")

        def plant() -> None:
            wanted = {key: usual[key] for key in (*known, *more) if usual.get(key)}
            (container,) = wanted["containerDefinitions"]
            container = dict(container)
            change(container)
            wanted["containerDefinitions"] = [container]
            made = self.kept.client("ecs").register_task_definition(**wanted)["taskDefinition"]
            self._update("SchedulerService", taskDefinition=made["taskDefinitionArn"])

        return Planted(
            plant=plant, undo=lambda: self._update("SchedulerService", taskDefinition=usual["taskDefinitionArn"])
        )

    def restarted(self, plant: Callable[[], Any], undo: Callable[[], Any]) -> Planted:
        """Return what a new task of the scheduler meets."""

        def then(act: Callable[[], Any]) -> None:
            act()
            self._update("SchedulerService", forceNewDeployment=True)

        return Planted(plant=lambda: then(plant), undo=lambda: then(undo))

    def image(self) -> Planted:
        """Delete the image, as the scheduler sees it."""
        return self.changed(lambda one: one.update(image=f"{one['image'].partition('@')[0]}@sha256:{'0' * 64}"))

    def memory(self) -> Planted:
        """Let the scheduler take more memory than it has."""
        return self.changed(lambda one: one.update(command=_GREEDY, entryPoint=[]))

    def option(self) -> Planted:
        """Give an option a value that Airflow does not take."""
        return self.changed(lambda one: one.update(environment=[*one["environment"], _WRONG_OPTION]))

    def count(self) -> Planted:
        """Set the scheduler to zero tasks."""
        return Planted(
            plant=lambda: self._update("SchedulerService", desiredCount=0),
            undo=lambda: self._update("SchedulerService", desiredCount=1),
        )

    def right(self) -> Planted:
        """Take the policies from the execution role."""
        iam, role = self.kept.client("iam"), self._ids["ExecutionRole"]
        policies = {
            name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        }

        def plant() -> None:
            for name in policies:
                iam.delete_role_policy(RoleName=role, PolicyName=name)

        def undo() -> None:
            for name, document in policies.items():
                iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))

        return self.restarted(plant, undo)

    def password(self) -> Planted:
        """Change the secret with the password of the database."""
        secrets, name = self.kept.client("secretsmanager"), self._ids["DatabaseCredentials"]
        usual = secrets.get_secret_value(SecretId=name)["SecretString"]
        other = json.dumps({**json.loads(usual), "password": "another"})
        return self.restarted(
            lambda: secrets.put_secret_value(SecretId=name, SecretString=other),
            lambda: secrets.put_secret_value(SecretId=name, SecretString=usual),
        )

    def database(self) -> Planted:
        """Stop the database."""
        rds, name = self.kept.client("rds"), self._ids["DatabaseInstance"]
        return Planted(
            plant=lambda: rds.stop_db_instance(DBInstanceIdentifier=name),
            undo=lambda: rds.start_db_instance(DBInstanceIdentifier=name),
        )

    def target(self) -> Planted:
        """Let the load balancer look at another page."""
        balancer, group = self.kept.client("elbv2"), self._ids["TargetGroup"]
        (found,) = balancer.describe_target_groups(TargetGroupArns=[group])["TargetGroups"]
        return Planted(
            plant=lambda: balancer.modify_target_group(TargetGroupArn=group, HealthCheckPath=_NO_PAGE),
            undo=lambda: balancer.modify_target_group(TargetGroupArn=group, HealthCheckPath=found["HealthCheckPath"]),
        )

    def code(self, file: str, text: str) -> Planted:
        """Push a file."""
        yaml = self.kept.environment
        home = load(yaml).airflow.home
        shutil.copytree(yaml.parent / home, self.folder / home, dirs_exist_ok=True)
        shutil.copy(yaml, self.folder / yaml.name)
        path = self.folder / home / file

        def plant() -> None:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
            self.kept.run("push", yaml.name, checkout=self.folder)

        def undo() -> None:
            path.unlink()
            done = self.kept.run("push", yaml.name, checkout=self.folder)
            assert done.returncode == 0, done.stderr

        return Planted(plant=plant, undo=undo)

    def group(self) -> Planted:
        """Delete a log group."""
        logs, name = self.kept.client("logs"), self._ids["TriggererLogGroup"]
        return Planted(
            plant=lambda: logs.delete_log_group(logGroupName=name),
            undo=lambda: logs.create_log_group(logGroupName=name),
        )

    def rule(self) -> Planted:
        """Revoke a rule of a security group."""
        ec2, identity = self.kept.client("ec2"), self._ids["SchedulerToDatabaseIngress"]
        (found,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[identity])["SecurityGroupRules"]
        return Planted(
            plant=lambda: ec2.revoke_security_group_ingress(GroupId=found["GroupId"], SecurityGroupRuleIds=[identity]),
            undo=lambda: None,
            stays=True,
        )


_FAULTS: Mapping[str, Callable[[Faults], Planted]] = MappingProxyType(
    {
        "switched off": Faults.count,
        "image not found": Faults.image,
        "out of memory": Faults.memory,
        "wrong option of Airflow": Faults.option,
        "right that the start lacks": Faults.right,
        "wrong password of the database": Faults.password,
        "stopped database": Faults.database,
        "unhealthy target": Faults.target,
        "missing requirement": lambda faults: faults.code("dags/broken.py", _MISSING_MODULE),
        "import error": lambda faults: faults.code("dags/broken.py", "def orders(:\n"),
        "deleted by hand": Faults.group,
        "closed port": Faults.rule,
    }
)
REHEARSED = tuple(_FAULTS)
"""The names of causes whose fault is planted in a rehearsal, in the order in which it is planted there."""
