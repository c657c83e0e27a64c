"""`windsock list`: one line for each environment, and a sentence where there is none."""

from datetime import UTC, datetime

import pytest

from cli.verbs.list import Row, _data, network_table, table, words_of_age
from deployer.aws.stacks import Stack
from deployer.list_environments import ListedEnvironment, ListedNetwork
from tests.cli.shell import Windsock

EXPIRES = datetime(2026, 11, 4, 8, tzinfo=UTC)
BORN = datetime(2026, 11, 1, tzinfo=UTC)
STACK = Stack(id="arn", name="demo-main", status="UPDATE_COMPLETE", created=BORN)
ROW = Row(
    ListedEnvironment(
        name="demo-main", branch="main", airflow_version="3.3.2", stack=STACK, health="running", expires=EXPIRES
    ),
    3 * 86400 + 7200.5,
    0.321,
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0m"), (59, "0m"), (600, "10m"), (3600, "1h 0m"), (90061, "1d 1h"), (40 * 86400, "40d 0h"), (-5, "0m")],
)
def test_an_age_has_its_two_largest_units(seconds: float, words: str) -> None:
    """The two largest units say enough."""
    assert words_of_age(seconds) == words


def test_the_table_has_a_dash_for_what_is_missing() -> None:
    """An environment without expiry stays."""
    bare = Row(
        ListedEnvironment(
            name="demo", branch="", airflow_version="", stack=STACK, health="create in progress", expires=None
        ),
        60,
        12.0,
    )
    assert table([ROW, bare]).splitlines() == [
        "NAME       BRANCH  AIRFLOW  AGE    HEALTH              EXPIRES               USD/DAY",
        "demo-main  main    3.3.2    3d 2h  running             2026-11-04 08:00 UTC     0.32",
        "demo       -       -        1m     create in progress  never                   12.00",
    ]


def test_the_json_has_null_for_what_is_missing() -> None:
    """The same for programs, with null for what is not there."""
    data = _data(ROW)
    assert data == {
        "name": "demo-main",
        "branch": "main",
        "airflow": "3.3.2",
        "stack": "UPDATE_COMPLETE",
        "created": BORN,
        "health": "running",
        "expires": EXPIRES,
        "usd_per_day": 0.321,
    }


def test_networks_have_a_table_of_their_own() -> None:
    """With who stands in them."""
    used = ListedNetwork(Stack(id="arn", name="team", status="UPDATE_COMPLETE"), ("orders", "orders-feature"))
    empty = ListedNetwork(Stack(id="arn", name="other", status="CREATE_COMPLETE"), ())
    assert network_table([(used, 2.0), (empty, 0.0)]).splitlines() == [
        "NETWORK  STACK            ENVIRONMENTS            USD/DAY",
        "team     update complete  orders, orders-feature     2.00",
        "other    create complete  none                       0.00",
    ]


def test_a_missing_region_is_refused(windsock: Windsock, aws: list[str]) -> None:
    """The verb has no YAML with a region; it calls nothing."""
    ran = windsock("list")
    assert (ran.code, aws) == (2, [])
    assert "--region or AWS_REGION" in ran.err
