"""An environment in a kept rehearsal: its parts by their names in the table of connections."""

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from acceptance import sessions
from cli.terminal.cache_dir import cache_root
from compiler.contract import RootOutput, title
from compiler.model import stack_values as values
from rehearsal.emulator.rules import flow_log
from rehearsal.emulator.rules.flow_log import Passed
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment
from spec.reading.load import load
from tests.life.kept import Kept

TASK_SECONDS = 60.0
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Deployed:
    """The environment, and how to look into it."""

    kept: Kept

    @cached_property
    def env(self) -> Environment:
        """The environment as its YAML says."""
        return load(self.kept.environment)

    @cached_property
    def emulator(self) -> EmulatorSession:
        """The emulator that it runs in."""
        found = sessions.find_kept(cache_root(os.environ), self.kept.variables["AWS_ENDPOINT_URL"])
        assert found is not None
        return found

    @cached_property
    def passed(self) -> tuple[Passed, ...]:
        """The connections that passed until somebody asked for the first time."""
        return flow_log.read(self.emulator.directory)

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The physical id of each resource of its stacks, by logical id."""
        return dict(self._resources(self.env.name))

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of its root stack."""
        (stack,) = self.kept.client("cloudformation").describe_stacks(StackName=self.env.name)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    @cached_property
    def services(self) -> Mapping[str, Mapping[str, Any]]:
        """What ECS says of each service, by the title of its process."""
        ecs, cluster = self.kept.client("ecs"), self.ids["Cluster"]
        arns = ecs.list_services(cluster=cluster)["serviceArns"]
        found = ecs.describe_services(cluster=cluster, services=arns)["services"]
        return {name: one for one in found for name, identity in self.ids.items() if one["serviceArn"] == identity}

    def service(self, name: str) -> Mapping[str, Any] | None:
        """Return the service of a process; None for what runs in tasks of its own."""
        return self.services.get(f"{title(name)}Service")

    def starts(self, name: str) -> bool:
        """Whether a new task of a process starts; it is stopped at once."""
        ecs, cluster = self.kept.client("ecs"), self.ids["Cluster"]
        task = self._run(name, [])
        ended = self._wait(task, {"RUNNING", "DEACTIVATING", "STOPPED"})
        ecs.stop_task(cluster=cluster, task=task)
        return str(ended.get("stopCode")) != "TaskFailedToStart"

    def runs(self, name: str, *command: str) -> bool:
        """Whether a command succeeds in a new task of a process, with the variables and the network of the others."""
        ended = self._wait(self._run(name, command), {"STOPPED"})
        return [one.get("exitCode") for one in ended["containers"]] == [0]

    def address(self, name: str) -> str:
        """Return the address of the running task of a process."""
        (arn, *_) = self._tasks(name)
        (task,) = self.kept.client("ecs").describe_tasks(cluster=self.ids["Cluster"], tasks=[arn])["tasks"]
        details = {one["name"]: one["value"] for one in task["attachments"][0]["details"]}
        return str(details["privateIPv4Address"])

    def group(self, name: str) -> str:
        """Return the security group of a part of the environment."""
        return self.ids[values.security_group_of(name).title]

    def _tasks(self, name: str) -> Sequence[str]:
        service = self.service(name)
        assert service is not None
        ecs, cluster = self.kept.client("ecs"), self.ids["Cluster"]
        arns: list[str] = ecs.list_tasks(cluster=cluster, serviceName=service["serviceName"])["taskArns"]
        return arns

    def _run(self, name: str, command: Sequence[str]) -> str:
        service = self.service(name)
        definition = service["taskDefinition"] if service else self.ids[f"{title(name)}TaskDefinition"]
        described = self.kept.client("ecs").describe_task_definition(taskDefinition=definition)["taskDefinition"]
        container = described["containerDefinitions"][0]["name"]
        subnets = self.outputs[RootOutput.TASK_SUBNETS].split(",")
        network = {"subnets": subnets, "securityGroups": [self.group(name)], "assignPublicIp": "ENABLED"}
        overrides = [{"name": container, "command": list(command)}] if command else []
        run = self.kept.client("ecs").run_task(
            cluster=self.ids["Cluster"],
            taskDefinition=definition,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": network},
            overrides={"containerOverrides": overrides},
        )
        return str(run["tasks"][0]["taskArn"])

    def _wait(self, task: str, statuses: set[str]) -> dict[str, Any]:
        ecs, deadline = self.kept.client("ecs"), time.monotonic() + TASK_SECONDS
        while True:
            described = ecs.describe_tasks(cluster=self.ids["Cluster"], tasks=[task])["tasks"]
            if described and described[0]["lastStatus"] in statuses:
                return dict(described[0])
            assert time.monotonic() < deadline, described
            time.sleep(POLL_SECONDS)

    def _resources(self, stack: str) -> Iterator[tuple[str, str]]:
        cloudformation = self.kept.client("cloudformation")
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
            for one in page["StackResourceSummaries"]:
                yield one["LogicalResourceId"], one["PhysicalResourceId"]
                if one["ResourceType"] == "AWS::CloudFormation::Stack":
                    yield from self._resources(one["PhysicalResourceId"])
