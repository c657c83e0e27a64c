"""A rehearsal that a test keeps running, reached as the lines it printed say."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from spec.reading.load import load

ROOT = Path(__file__).resolve().parent.parent.parent
WINDSOCK = str(Path(sys.executable).parent / "windsock")


@dataclass(frozen=True)
class Kept:
    """A rehearsal that was left running, as the lines it printed describe it."""

    environment: Path
    variables: dict[str, str]

    @property
    def web_url(self) -> str:
        """Where the load balancer answers."""
        return self.variables["WINDSOCK_WEB_URL"]

    @property
    def site_url(self) -> str:
        """Where Airflow answers: at the load balancer, below the path of the YAML."""
        return f"{self.web_url}{load(self.environment).airflow.base_path}"

    def run(self, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run a verb of `windsock` against it."""
        return windsock(*arguments, env={**os.environ, **self.variables}, **more)

    def deploy(self, text: str, checkout: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Compile `text` as env.yaml in a checkout with the code of this one, and deploy it from there."""
        for folder in ("airflow_home", "docker"):
            if not (checkout / folder).exists():
                (checkout / folder).symlink_to(ROOT / folder)
        for file in load(self.environment).network.files:
            if not (checkout / file).exists():
                (checkout / file).symlink_to(self.environment.parent / file)
        (checkout / "env.yaml").write_text(text, encoding="utf-8")
        compiled = self.run("compile", "env.yaml", checkout=checkout)
        assert compiled.returncode == 0, compiled.stderr
        return self.run("deploy", "env.yaml", "--yes", *options, checkout=checkout)

    def client(self, service: str) -> Any:
        """Return a boto3 client, as the aws CLI would make it from the printed lines."""
        client: Any = boto3.client  # its stubs want literal names
        return client(
            service,
            endpoint_url=self.variables["AWS_ENDPOINT_URL"],
            region_name=self.variables["AWS_REGION"],
            aws_access_key_id=self.variables["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.variables["AWS_SECRET_ACCESS_KEY"],
        )

    def command(self, line: str) -> None:
        """Run a line of shell where Airflow and its database are, as `deploy` runs its own."""
        stacks = self.client("cloudformation").describe_stacks(StackName=load(self.environment).name)["Stacks"]
        outputs = {one["OutputKey"]: one["OutputValue"] for one in stacks[0]["Outputs"]}
        network = {"subnets": outputs["TaskSubnets"].split(","), "securityGroups": [outputs["CommandSecurityGroup"]]}
        ecs = self.client("ecs")
        (task,) = ecs.run_task(
            cluster=outputs["ClusterName"],
            taskDefinition=outputs["CommandTaskDefinition"],
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {**network, "assignPublicIp": "ENABLED"}},
            overrides={"containerOverrides": [{"name": "airflow", "command": ["bash", "-c", line]}]},
        )["tasks"]
        where = {"cluster": outputs["ClusterName"], "tasks": [task["taskArn"]]}
        ecs.get_waiter("tasks_stopped").wait(**where, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
        (ended,) = ecs.describe_tasks(**where)["tasks"]
        assert ended["containers"][0]["exitCode"] == 0, ended

    def admin_password(self) -> str:
        """Read the generated password where `windsock status` says it is."""
        status = json.loads(self.run("status", str(self.environment), "--json").stdout)
        secret = self.client("secretsmanager").get_secret_value(SecretId=status["admin_secret"])
        return str(secret["SecretString"])


def windsock(
    *arguments: str, env: dict[str, str] | None = None, checkout: Path = ROOT, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the installed command in a checkout; `typed` is what it reads from stdin."""
    return subprocess.run(
        [WINDSOCK, *arguments],
        cwd=checkout,
        env=env,
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
        input=typed,
    )


def keep(environment: str, *arguments: str) -> Kept:
    """Rehearse an environment to the end of its checks and leave it running."""
    path = ROOT / environment
    done = windsock("rehearse", str(path), "--keep", "--port", "0", "--endpoint-port", "0", *arguments)
    if done.returncode:
        windsock("rehearse", str(path), "--stop", *arguments)  # what failed is kept, too
    assert done.returncode == 0, done.stderr
    variables = dict(re.findall(r"^export (\w+)=(\S+)$", done.stdout, re.MULTILINE))
    return Kept(path, variables)


@contextmanager
def keeping(environment: str, *arguments: str) -> Iterator[Kept]:
    """Keep a rehearsal in this block, and end it afterwards."""
    kept = keep(environment, *arguments)
    try:
        yield kept
    finally:
        kept.run("rehearse", str(kept.environment), "--stop")
