"""The promises of rehearsal/emulator/patches/zone_outages.py, in an emulator."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.emulator.rules.zone_outages import Outage, put_outage
from tests.rehearsal.emulator.patches.test_databases import LOGIN
from tests.rehearsal.emulator.patches.test_vpc import CONNECT
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
NUMBERS = itertools.count()
LISTEN = ("python", "-m", "http.server", "8080")
ASK = """
import threading, time
quick = psycopg2.connect(connect_timeout=2, tcp_user_timeout=2000, **login)
waiting = threading.Thread(target=lambda connection: ask(connection, 60), args=[psycopg2.connect(**login)], daemon=True)

def ask(connection, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        connection.cursor().execute("select 1")
        time.sleep(0.1)

print("connected", flush=True)
waiting.start()
try:
    ask(quick, 60)
except psycopg2.OperationalError:
    print("gave up")
while True:
    try:
        psycopg2.connect(connect_timeout=2, **login)
        break
    except psycopg2.OperationalError:
        time.sleep(0.1)
print("the other one still waits" if waiting.is_alive() else "the other one noticed", flush=True)
os._exit(0)
"""
LOCK = """
import time
cursor = psycopg2.connect(**login).cursor()
cursor.execute("create table locked (); commit; begin; lock table locked")
print("locked", flush=True)
time.sleep(600)
"""
LOCK_ELSEWHERE = """
cursor = psycopg2.connect(**login).cursor()
cursor.execute("set lock_timeout = '60s'; lock table locked")
print("locked again")
"""


@pytest.fixture
def pair(yard: Yard) -> Iterator[str]:
    """Yield a service with a task in each of two zones."""
    service = yard.serve(yard.bare_definition("pair", *LISTEN), serviceName=f"pair-{next(NUMBERS)}")
    yard.client("ecs").update_service(cluster=yard.outputs["Cluster"], service=service, desiredCount=2)
    yard.until(lambda: len(_running(yard, service)) == 2)
    yield service
    put_outage(yard.emulator.directory, Outage())
    yard.dismiss(service)


def _running(yard: Yard, service: str) -> list[dict[str, Any]]:
    return [task for task in yard.tasks(service) if task["lastStatus"] == "RUNNING"]


def _address(task: dict[str, Any]) -> str:
    details = {one["name"]: one["value"] for one in task["attachments"][0]["details"]}
    return f"{details['privateIPv4Address']}:8080"


def test_nothing_answers_in_a_zone_that_is_down(yard: Yard, pair: str) -> None:
    """Also before ECS notices. New tasks start elsewhere, and reach what is there."""
    lost, other = _running(yard, pair)
    put_outage(yard.emulator.directory, Outage((lost["availabilityZone"],), noticed_after=600))
    asking = yard.bare_definition("asking", "python", "-c", CONNECT, _address(lost), _address(other))
    assert yard.printed(asking) == ["TimeoutError", "connected"]
    assert lost["taskArn"] in {task["taskArn"] for task in _running(yard, pair)}


def test_ecs_replaces_the_tasks_of_a_zone_once_it_notices(yard: Yard, pair: str) -> None:
    """In a zone that answers, and although the processes do not end by themselves."""
    lost, other = _running(yard, pair)
    zone = lost["availabilityZone"]
    put_outage(yard.emulator.directory, Outage((zone,), noticed_after=0.5))
    assert "does not answer" in yard.reached(lost["taskArn"], "STOPPED")["stoppedReason"]
    yard.until(lambda: len(_running(yard, pair)) == 2)
    assert {task["availabilityZone"] for task in _running(yard, pair)} == {other["availabilityZone"]}


def _places(yard: Yard) -> list[dict[str, Any]]:
    """Return the subnet of the database and that of its standby."""
    (instance,) = yard.client("rds").describe_db_instances(DBInstanceIdentifier=yard.outputs["Instance"])["DBInstances"]
    return list(instance["DBSubnetGroup"]["Subnets"])


def test_the_locks_of_a_client_in_a_zone_that_is_down_end_as_the_parameter_group_says(yard: Yard) -> None:
    """The database hears nothing of it; by its defaults it would look after five minutes."""
    _, second = _places(yard)
    task = yard.launch("python", "-c", LOGIN + LOCK, subnets=[second["SubnetIdentifier"]])
    running = yard.reached(task, "RUNNING")
    yard.until(lambda: yard.said(running) == ["locked"])
    put_outage(yard.emulator.directory, Outage((second["SubnetAvailabilityZone"]["Name"],), noticed_after=600))
    assert yard.run("python", "-c", LOGIN + LOCK_ELSEWHERE) == ["locked again"]
    put_outage(yard.emulator.directory, Outage())
    yard.client("ecs").stop_task(cluster=yard.outputs["Cluster"], task=task)


def test_a_standby_takes_over_at_another_address(yard: Yard) -> None:
    """Who is connected to the former one hears nothing, and notices only by a limit of its own."""
    first, second = _places(yard)
    task = yard.launch("python", "-c", LOGIN + ASK, subnets=[second["SubnetIdentifier"]])
    running = yard.reached(task, "RUNNING")
    yard.until(lambda: yard.said(running) == ["connected"])
    put_outage(yard.emulator.directory, Outage((first["SubnetAvailabilityZone"]["Name"],), noticed_after=1))
    ended = yard.reached(task, "STOPPED")
    put_outage(yard.emulator.directory, Outage())
    assert ended["containers"][0]["exitCode"] == 0
    assert yard.lines_of(ended)[1:] == ["gave up", "the other one still waits"]
