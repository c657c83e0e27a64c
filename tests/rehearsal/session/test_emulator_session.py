"""The promises of rehearsal/session/emulator_session.py and of the patches, by a real emulator with a small stack."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from rehearsal.host.errors import RehearsalFailure
from rehearsal.session import emulator_session
from tests.rehearsal.yard import WEB, Yard, raised, start

pytestmark = pytest.mark.rehearsal
DATABASE = """
import os, psycopg2
login = {"host": os.environ["DB_HOST"], "user": os.environ["DB_USER"], "password": os.environ["DB_PASSWORD"]}
login["dbname"] = "things"
with psycopg2.connect(sslmode="require", **login) as connection:
    cursor = connection.cursor()
    cursor.execute("create table kept (word text)")
    cursor.execute("select usesuper from pg_user where usename = current_user")
    print("superuser:", cursor.fetchone()[0])
try:
    psycopg2.connect(sslmode="disable", **login)
except psycopg2.OperationalError as error:
    print(str(error).splitlines()[0])
"""
CREDENTIALS = """
import os, urllib.request
path = os.environ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]
print(urllib.request.urlopen("http://169.254.170.2" + path).read().decode())
"""
NEIGHBOURS = """
import os, urllib.request
for url in ("http://web.yard.local:8080/", "http://" + os.environ["BALANCER"] + "/"):
    print(urllib.request.urlopen(url).status)
"""


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """An emulator with the stack created at zero tasks, and the web program on its file system."""
    with raised(tmp_path_factory.mktemp("yard") / "emulator") as yard:
        yard.run("python", "-c", f"open('/opt/shelf/web.py', 'w').write({WEB!r})")
        yield yard


def test_zero_desired_starts_nothing(yard: Yard) -> None:
    """A service with DesiredCount 0 is complete without a task."""
    assert yard.client("ecs").list_tasks(cluster=yard.outputs["Cluster"])["taskArns"] == []


def test_cluster_has_its_capacity_providers(yard: Yard) -> None:
    """A cluster gets the providers its association names."""
    cluster = yard.client("ecs").describe_clusters(clusters=[yard.outputs["Cluster"]])["clusters"][0]
    assert cluster["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]


def test_removed_rule_is_revoked(yard: Yard) -> None:
    """A standalone rule opens its group while it is in the template, and no longer."""
    cloudformation, ec2 = yard.client("cloudformation"), yard.client("ec2")
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "door"}}
    rule = {"GroupId": {"Ref": "Door"}, "IpProtocol": "tcp", "FromPort": 80, "ToPort": "80", "CidrIp": "10.0.0.0/8"}
    ingress = {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule}

    def ports(kind: str, **resources: object) -> list[int]:
        template = json.dumps({"Resources": resources, "Outputs": {"Door": {"Value": {"Ref": "Door"}}}})
        getattr(cloudformation, kind)(StackName="door", TemplateBody=template)
        assert yard.settled("door").endswith("E_COMPLETE")
        outputs = cloudformation.describe_stacks(StackName="door")["Stacks"][0]["Outputs"]
        found = ec2.describe_security_groups(GroupIds=[outputs[0]["OutputValue"]])["SecurityGroups"][0]
        return [permission["FromPort"] for permission in found["IpPermissions"]]

    assert ports("create_stack", Door=group, Open=ingress) == [80]
    assert ports("update_stack", Door=group) == []


def test_generated_secret(yard: Yard) -> None:
    """`Ref` of a secret is its ARN; a generated password has the length asked for and no punctuation."""
    assert yard.outputs["Secret"].startswith("arn:aws:secretsmanager:")
    text = yard.client("secretsmanager").get_secret_value(SecretId=yard.outputs["Secret"])["SecretString"]
    password = json.loads(text)["password"]
    assert len(password) == 40
    assert password.isalnum()


def test_task_is_the_image_user_with_its_own_name(yard: Yard) -> None:
    """A task runs as the definition's user, next to an init process, on a host whose name it can resolve."""
    script = "id -u; echo $$; getent hosts $(hostname) | wc -l; ls /home; test $(hostname) = $(hostname -f)"
    lines = yard.run("bash", "-c", script)
    assert lines == ["50000", "2", "1", "airflow"]


def test_task_sees_nothing_of_this_machine(yard: Yard) -> None:
    """The environment of the image is there and read-only; this machine's files and people are not."""
    here = Path(__file__)
    lines = yard.run("bash", "-c", f"test -e {here} || echo hidden; touch $(dirname $(which python))/x || echo kept")
    assert lines[0] == "hidden"
    assert lines[-1] == "kept"


def test_credentials_come_from_the_link_local_address(yard: Yard) -> None:
    """A task with a role finds credentials where Fargate has them."""
    assert json.loads(yard.run("python", "-c", CREDENTIALS)[0])["AccessKeyId"] == "123456789012"


def test_secrets_stand_in_no_argument_list(yard: Yard) -> None:
    """What a task gets as a secret is in no command line of this machine."""
    task = yard.launch("sleep", "60")
    yard.reached(task, "RUNNING")
    text = yard.client("secretsmanager").get_secret_value(SecretId=yard.outputs["Secret"])["SecretString"]
    secret = json.loads(text)["password"].encode()
    lines = [file.read_bytes() for file in Path("/proc").glob("[0-9]*/cmdline") if file.exists()]
    yard.client("ecs").stop_task(cluster=yard.outputs["Cluster"], task=task)
    assert any(b"rehearsal.emulator" in line for line in lines)
    assert not any(secret in line for line in lines)


def test_database_is_postgres_over_tls_only(yard: Yard) -> None:
    """The instance answers with TLS, its master user is no superuser, and without TLS it refuses like RDS."""
    lines = yard.run("python", "-c", DATABASE)
    assert lines[0] == "superuser: False"
    assert "no encryption" in lines[1]


def test_unknown_image(yard: Yard) -> None:
    """A task whose image stands for nothing fails the way ECS says it."""
    ended = yard.reached(yard.launch(definition="Missing"), "STOPPED")
    assert ended["stopCode"] == "TaskFailedToStart"
    assert ended["stoppedReason"].startswith("CannotPullContainerError:")


def test_stop_is_polite_and_honest(yard: Yard) -> None:
    """StopTask sends SIGTERM, and the task is STOPPED only when its process has ended, with the process's own code."""
    task = yard.launch("bash", "-c", "trap 'sleep 0.3; echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done")
    yard.reached(task, "RUNNING")
    log = yard.emulator.directory / "logs" / f"{task.rsplit('/', 1)[1]}-once.log"
    while "up" not in log.read_text(encoding="utf-8"):
        time.sleep(0.05)
    answer = yard.client("ecs").stop_task(cluster=yard.outputs["Cluster"], task=task, reason="enough")
    assert answer["task"]["lastStatus"] == "DEACTIVATING"
    ended = yard.reached(task, "STOPPED")
    assert ended["containers"][0]["exitCode"] == 7
    assert ended["stoppedReason"] == "enough"
    assert yard.said(task) == ["up", "bye"]


def test_an_init_process_passes_signals_on(yard: Yard) -> None:
    """A program that has no handler yet ends by SIGTERM; as pid 1 it would go on until SIGKILL."""
    task = yard.launch("sh", "-c", "exec sleep 1000")
    yard.reached(task, "RUNNING")
    yard.client("ecs").stop_task(cluster=yard.outputs["Cluster"], task=task, reason="enough")
    assert yard.reached(task, "STOPPED")["containers"][0]["exitCode"] == 128 + signal.SIGTERM


def test_services_settle_and_are_found(yard: Yard) -> None:
    """An update waits for healthy tasks and targets; web port, load balancer and Cloud Map lead to them."""
    assert yard.change("UPDATE", Count="1") == "UPDATE_COMPLETE"
    health = yard.client("elbv2").describe_target_health(TargetGroupArn=yard.outputs["TargetGroup"])
    assert [one["TargetHealth"]["State"] for one in health["TargetHealthDescriptions"]] == ["healthy"]
    with urllib.request.urlopen(yard.emulator.web_url) as answer:
        headers = answer.read().decode()
    assert f"'Host': '127.0.0.1:{yard.emulator.web_port}'" in headers
    assert "'X-Forwarded-Proto': 'http'" in headers
    assert yard.run("python", "-c", NEIGHBOURS) == ["200", "200"]


def test_crashing_tasks_roll_back(yard: Yard) -> None:
    """Three failed tasks fail the update; the stack goes back and the old tasks have gone on serving."""
    assert yard.change("UPDATE", Count="1", Health="crash") == "UPDATE_ROLLBACK_COMPLETE"
    events = yard.client("cloudformation").describe_stack_events(StackName="yard")["StackEvents"]
    assert any("Circuit Breaker" in event.get("ResourceStatusReason", "") for event in events)
    with urllib.request.urlopen(yard.emulator.web_url) as answer:
        assert answer.status == 200


def test_delete_refuses_what_aws_refuses(yard: Yard) -> None:
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


def test_stop_leaves_nothing(tmp_path: Path) -> None:
    """A kept emulator is found by its directory, and after stop no process, mount, port or directory is left."""
    kept = start(tmp_path / "emulator", detach=True)
    found = emulator_session.read(tmp_path / "emulator")
    assert found == kept
    assert emulator_session.is_alive(found)
    assert len(emulator_session.leftovers(found)) > 3
    emulator_session.stop(found)
    assert emulator_session.leftovers(found) == ()
    emulator_session.stop(kept)  # reaps the process, which was started here


def test_bed_dies_with_its_parent(tmp_path: Path) -> None:
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


def test_used_directory_is_refused(tmp_path: Path) -> None:
    """A directory with other files in it is not taken."""
    (tmp_path / "letter").touch()
    with pytest.raises(RehearsalFailure, match="in use"):
        start(tmp_path)


def test_read_without_a_bed(tmp_path: Path) -> None:
    """Looking for an emulator where none is says so."""
    with pytest.raises(RehearsalFailure, match="There is no rehearsal in"):
        emulator_session.read(tmp_path)
