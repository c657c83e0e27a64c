"""The promises of rehearsal/session/emulator_session.py, by a real emulator with a small stack."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import boto3
import pytest
from botocore.exceptions import ClientError

from rehearsal.host.errors import RehearsalFailure
from rehearsal.session import emulator_session
from tests.rehearsal.yard import Yard, running_yard, start

pytestmark = pytest.mark.rehearsal
CREDENTIALS = """
import os, urllib.request
path = os.environ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
print(urllib.request.urlopen("http://169.254.170.2" + path).read().decode())
"""


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """Start an emulator with the stack created at zero tasks."""
    with running_yard(tmp_path_factory.mktemp("yard") / "emulator") as yard:
        yield yard


def test_a_desired_count_of_zero_starts_nothing(yard: Yard) -> None:
    """A service with DesiredCount 0 is complete without a task."""
    assert yard.client("ecs").list_tasks(cluster=yard.outputs["Cluster"])["taskArns"] == []


def test_a_task_runs_as_the_images_user_on_a_host_with_its_name(yard: Yard) -> None:
    """A task runs as the definition's user, next to an init process, on a host whose name it can resolve."""
    script = "id -u; echo $$; getent hosts $(hostname) | wc -l; ls /home; test $(hostname) = $(hostname -f)"
    lines = yard.run("bash", "-c", script)
    assert lines == ["50000", "2", "1", "airflow"]


def test_a_task_sees_nothing_of_this_machine(yard: Yard) -> None:
    """The environment of the image is there and read-only; this machine's files and users are not."""
    here = Path(__file__)
    lines = yard.run("bash", "-c", f"test -e {here} || echo hidden; touch $(dirname $(which python))/x || echo kept")
    assert lines[0] == "hidden"
    assert lines[-1] == "kept"


def test_credentials_come_from_the_link_local_address(yard: Yard) -> None:
    """A task with a role finds credentials where Fargate has them."""
    assert json.loads(yard.run("python", "-c", CREDENTIALS)[0])["AccessKeyId"].startswith("ASIA")


def test_the_credentials_of_a_task_sign_calls_that_the_emulator_takes(yard: Yard) -> None:
    """Whoever has them calls AWS as the task does; with another secret key, or none, nothing answers."""
    found = json.loads(yard.run("python", "-c", CREDENTIALS)[0])
    where = {"endpoint_url": yard.emulator.endpoint_url, "region_name": "eu-central-1"}
    keys = {"aws_access_key_id": found["AccessKeyId"], "aws_session_token": found["Token"]}
    client: Any = boto3.client  # its stubs want literal names
    taken = client("ecs", **where, **keys, aws_secret_access_key=found["SecretAccessKey"])
    assert taken.list_clusters()["clusterArns"]
    for service, ask in (("ecs", "list_clusters"), ("sts", "get_caller_identity"), ("s3", "list_buckets")):
        other = client(service, **where, **keys, aws_secret_access_key="rehearsal")
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            getattr(other, ask)()
    with pytest.raises(HTTPError, match="403"):
        urllib.request.urlopen(f"{yard.emulator.endpoint_url}/templates/root.yaml")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example:4566"},
    ],
)
def test_a_web_page_reaches_nothing_of_the_aws_api(yard: Yard, headers: dict[str, str]) -> None:
    """Not even the health: a page elsewhere, and a name that its owner points to this machine, are refused."""
    with pytest.raises(HTTPError, match="403") as refused:
        urllib.request.urlopen(urllib.request.Request(f"{yard.emulator.endpoint_url}/_ministack/health", None, headers))
    assert not any(name.lower().startswith("access-control") for name in refused.value.headers)
    refused.value.close()


def test_another_user_reads_nothing_of_a_session(yard: Yard) -> None:
    """Its folder is closed, and so is each file in it that is not a container's own: keys, settings, logs."""
    yard.run("true")
    folder = yard.emulator.directory
    own = [folder, *folder.iterdir(), *(folder / "logs").iterdir(), *(folder / "tls").iterdir()]
    assert {oct(path.stat().st_mode & 0o077) for path in own} == {"0o0"}
    assert len(own) > 20


def test_a_container_has_the_umask_that_docker_gives(yard: Yard) -> None:
    """What it writes can be read by whoever it shares a volume with."""
    assert yard.run("bash", "-c", "umask") == ["0022"]


def test_no_argument_list_has_a_secret(yard: Yard) -> None:
    """What a task gets as a secret is in no command line of this machine."""
    task = yard.launch("sleep", "60")
    yard.reached(task, "RUNNING")
    text = yard.client("secretsmanager").get_secret_value(SecretId=yard.outputs["Secret"])["SecretString"]
    secret = json.loads(text)["password"].encode()
    lines = [file.read_bytes() for file in Path("/proc").glob("[0-9]*/cmdline") if file.exists()]
    yard.client("ecs").stop_task(cluster=yard.outputs["Cluster"], task=task)
    assert any(b"rehearsal.emulator" in line for line in lines)
    assert not any(secret in line for line in lines)


def test_a_deletion_that_aws_refuses_is_refused(yard: Yard) -> None:
    """A bucket that holds something and a protected database stay, and the stack says so; then both go."""
    s3, cloudformation = yard.client("s3"), yard.client("cloudformation")
    bucket, instance = yard.outputs["Bucket"], yard.outputs["Instance"]
    s3.put_object(Bucket=bucket, Key="kept", Body=b"kept")
    yard.client("rds").modify_db_instance(DBInstanceIdentifier=instance, DeletionProtection=True)
    stack = cloudformation.describe_stacks(StackName="yard")["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName="yard")
    assert yard.settled(stack) == "DELETE_FAILED"
    assert s3.get_object(Bucket=bucket, Key="kept")["Body"].read() == b"kept"
    yard.client("rds").modify_db_instance(DBInstanceIdentifier=instance, DeletionProtection=False)
    s3.delete_object(Bucket=bucket, Key="kept")
    cloudformation.delete_stack(StackName="yard")
    assert yard.settled(stack) == "DELETE_COMPLETE"
    assert [list((yard.emulator.directory / part).iterdir()) for part in ("efs", "rds", "tasks")] == [[], [], []]


def test_stop_leaves_nothing_on_this_machine(tmp_path: Path) -> None:
    """A kept emulator is found by its directory, and after stop no process, mount, port or directory is left."""
    kept = start(tmp_path / "emulator", detach=True)
    found = emulator_session.read(tmp_path / "emulator")
    assert found == kept
    assert emulator_session.is_alive(found)
    assert len(emulator_session.leftovers(found)) > 3
    emulator_session.stop(found)
    assert emulator_session.leftovers(found) == ()
    emulator_session.stop(kept)  # reaps the process, which was started here


def test_an_emulator_that_is_not_kept_dies_with_its_parent(tmp_path: Path) -> None:
    """An emulator that is not kept ends even when the process that started it is killed."""
    program = (
        f"import sys, time; sys.path[:0] = [{str(Path(__file__).parents[1])!r}, {str(Path(__file__).parents[3])!r}]\n"
        "from pathlib import Path; from yard import start\n"
        f"print(start(Path({str(tmp_path / 'emulator')!r})).pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout:
        assert parent.stdout.readline().strip().isdigit()
    left = emulator_session.read(tmp_path / "emulator")
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 5
    while emulator_session.is_alive(left) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert emulator_session.leftovers(left) == (f"Directory still there: {left.directory}",)


def test_a_used_directory_is_refused(tmp_path: Path) -> None:
    """A directory with other files in it is not taken."""
    (tmp_path / "letter").touch()
    with pytest.raises(RehearsalFailure, match="in use"):
        start(tmp_path)


def test_reading_where_no_emulator_is_says_so(tmp_path: Path) -> None:
    """Looking for an emulator where none is says so."""
    with pytest.raises(RehearsalFailure, match="There is no rehearsal in"):
        emulator_session.read(tmp_path)
