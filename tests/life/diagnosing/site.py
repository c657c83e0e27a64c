"""The environment in which faults are planted: its parts, and what a person does to them by hand."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from acceptance import sessions
from cli.terminal.cache_dir import cache_root
from rehearsal.emulator.rules.fault_injection import Fault as CallFault
from rehearsal.emulator.rules.fault_injection import put_faults
from spec.reading.load import load
from tests.life.deleting import resources
from tests.life.kept import Kept
from tests.life.waiting import signal_task

PROGRAM = """
from airflow.settings import engine
from sqlalchemy import text
with engine.begin() as c: {lines}
"""
LATE = """
import datetime, sys
import botocore.auth
right = botocore.auth.get_current_datetime
botocore.auth.get_current_datetime = lambda *given, **named: right(*given, **named) - datetime.timedelta(minutes=20)
from windsock.command import main
sys.exit(main())
"""
"""The command line on a machine whose clock is late: it signs with the wrong time."""
BY_HAND = "Scaling activity initiated by hand"
Definition = dict[str, Any]


class Site:
    """A kept environment, and a checkout of its code from which a person pushes."""

    def __init__(self, kept: Kept, checkout: Path) -> None:
        self.kept = kept
        self.checkout = checkout
        self.env = load(kept.environment)
        self.name = self.env.name
        self.home = checkout / "workers"
        self.before: dict[str, Any] = {}
        """What faults have changed, so that they can be taken back."""

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of its root stack."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The physical id of each resource, by its logical path."""
        return dict(resources(self.kept, self.name))

    @cached_property
    def directory(self) -> Path:
        """The folder of the emulator."""
        found = sessions.find_kept(cache_root(os.environ), self.kept.variables["AWS_ENDPOINT_URL"])
        assert found is not None
        return found.directory

    @property
    def cluster(self) -> str:
        """The name of its cluster."""
        return self.outputs["ClusterName"]

    def client(self, service: str) -> Any:
        """Return a boto3 client of the owner of the account."""
        return self.kept.client(service)

    def diagnosis(self, *, closely: bool = False, **variables: str) -> dict[str, Any]:
        """Return what `windsock diagnose` says, with other credentials where they are given."""
        options = ("--drift",) if closely else ()
        return _read(self._with(variables).run("diagnose", "env.yaml", "--json", *options, checkout=self.checkout))

    def late_diagnosis(self) -> dict[str, Any]:
        """Return what it says where the clock is late."""
        line = [sys.executable, "-c", LATE, "diagnose", "env.yaml", "--json"]
        variables = {**os.environ, **self.kept.variables}
        return _read(
            subprocess.run(line, cwd=self.checkout, env=variables, check=False, capture_output=True, text=True)
        )

    def well(self) -> bool:
        """Whether nothing is wrong."""
        return bool(self.diagnosis()["well"])

    def tasks(self, process: str) -> list[str]:
        """Return the ARNs of the tasks of a process that are not stopped."""
        service = self.outputs[f"{process.title()}Service"]
        found: list[str] = self.client("ecs").list_tasks(cluster=self.cluster, serviceName=service)["taskArns"]
        return found

    def restart(self, *processes: str) -> None:
        """Stop the tasks of processes; their services start others."""
        for process in processes:
            for task in self.tasks(process):
                self.client("ecs").stop_task(cluster=self.cluster, task=task, reason=BY_HAND)

    def send(self, process: str, sent: signal.Signals) -> None:
        """Send a signal to all programs of a process."""
        for task in self.tasks(process):
            signal_task(task, sent)

    def revise(self, process: str, change: Callable[[Definition], None]) -> None:
        """Let a service run another revision of its task definition, as somebody does in the console."""
        ecs, service = self.client("ecs"), self.outputs[f"{process.title()}Service"]
        (found,) = ecs.describe_services(cluster=self.cluster, services=[service])["services"]
        self.before[process] = found["taskDefinition"]
        known = ecs.describe_task_definition(taskDefinition=found["taskDefinition"])["taskDefinition"]
        members = ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
        definition = {name: value for name, value in known.items() if name in members}
        change(definition)
        revision = ecs.register_task_definition(**definition)["taskDefinition"]["taskDefinitionArn"]
        ecs.update_service(cluster=self.cluster, service=service, taskDefinition=revision)

    def unrevise(self, process: str) -> None:
        """Let a service run its former task definition again."""
        service = self.outputs[f"{process.title()}Service"]
        self.client("ecs").update_service(
            cluster=self.cluster, service=service, taskDefinition=self.before.pop(process), forceNewDeployment=True
        )

    def run_beside(self, *command: str, cpu: int = 256, memory: int = 1024) -> str:
        """Start a task beside the services, in the network of commands, and return it."""
        network = {
            "subnets": self.outputs["TaskSubnets"].split(","),
            "securityGroups": [self.outputs["CommandSecurityGroup"]],
            "assignPublicIp": "ENABLED",
        }
        own = {"name": "airflow", "command": list(command)}
        (task,) = self.client("ecs").run_task(
            cluster=self.cluster,
            taskDefinition=self.outputs["CommandTaskDefinition"],
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": network},
            overrides={"cpu": str(cpu), "memory": str(memory), "containerOverrides": [own]},
        )["tasks"]
        return str(task["taskArn"])

    def end(self, task: str) -> None:
        """Stop a task that was started beside the services."""
        self.client("ecs").stop_task(cluster=self.cluster, task=task)

    def sql(self, *statements: str) -> None:
        """Let the database execute statements, as Airflow's own user."""
        program = PROGRAM.format(lines="; ".join(f"c.execute(text({one!r}))" for one in statements))
        self.kept.command(shlex.join(["python", "-c", program]))

    def write(self, file: str, text: str) -> None:
        """Write a file of the home, and push it."""
        (self.home / file).parent.mkdir(exist_ok=True)
        (self.home / file).write_text(text, encoding="utf-8")
        self.push()

    def remove(self, file: str) -> None:
        """Remove a file of the home, and push that."""
        (self.home / file).unlink()
        self.push()

    def push(self) -> subprocess.CompletedProcess[str]:
        """Push; the exit code says whether Airflow can import every file."""
        return self.kept.run("push", "env.yaml", "--yes", checkout=self.checkout)

    def deploy(self, text: str, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Deploy another YAML from the checkout."""
        return self._with(variables).deploy(text, self.checkout, *options)

    def run(self, dag: str) -> None:
        """Run a DAG to its end, which is no good one."""
        done = self.kept.run("run", "env.yaml", dag, checkout=self.checkout)
        assert done.returncode != 0, done.stdout

    def put_faults(self, *faults: CallFault) -> None:
        """Let calls fail by these rules from now on."""
        put_faults(self.directory, faults)

    def _with(self, variables: Mapping[str, str]) -> Kept:
        return Kept(self.kept.environment, {**self.kept.variables, **variables})


def _read(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found
