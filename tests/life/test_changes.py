"""Changes of a deployed environment that AWS makes difficult: other capacity, another version, a stopped database."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.life.deleting import DELETED, delete_by_hand, resources
from tests.life.kept import Kept, keeping
from tests.life.waiting import until

pytestmark = [pytest.mark.airflow, pytest.mark.endurance]
ENVIRONMENT, NAME = "examples/ecs-executor.yaml", "ecs-executor"
ON_DEMAND = "capacity: {on_demand: 1, spot: 3}"
SPOT = "capacity: {spot: 1}"
SECOND = 2
"""The first generation that takes the place of another."""


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    """Keep an environment with services, workers and a DB instance; the last test takes it down."""
    with keeping(ENVIRONMENT, "--dag", "tutorial_taskflow_api") as kept:
        yield kept


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder from which everything is deployed."""
    return tmp_path_factory.mktemp("checkout")


def test_services_and_workers_move_to_spot_and_back(kept: Kept, checkout: Path) -> None:
    """Each service has a new deployment there; the cluster keeps FARGATE_SPOT while something uses it."""
    text = kept.environment.read_text(encoding="utf-8")
    spot = text.replace(ON_DEMAND, SPOT).replace("network:", "fargate: {capacity: spot}\nnetwork:")
    assert spot.count("spot") == text.count("spot") + 1
    assert _providers(kept) == {"FARGATE"}
    for changed, provider in ((spot, "FARGATE_SPOT"), (text, "FARGATE")):
        done = kept.deploy(changed, checkout)
        assert done.returncode == 0, done.stderr
        assert _providers(kept) == {provider}
        assert all(task["capacityProviderName"] == provider for task in _tasks(kept))


def test_what_was_deleted_by_hand_is_named_and_made_again(kept: Kept, checkout: Path) -> None:
    """A rule, a secret, the code, a log group, a role and a service; afterwards a DAG runs with the new ones."""
    text = kept.environment.read_text(encoding="utf-8")
    delete_by_hand(kept, NAME)
    status = kept.run("status", str(kept.environment))
    assert status.returncode != 0
    assert [path for path in DELETED if path not in status.stdout] == []
    refused = kept.deploy(text, checkout)
    assert "somebody deleted that by hand" in refused.stderr
    done = kept.deploy(text, checkout, "--repair")
    assert done.returncode == 0, done.stderr
    status = kept.run("status", str(kept.environment))
    assert status.returncode == 0, status.stdout
    ran = kept.run("run", str(kept.environment), "tutorial_taskflow_api")
    assert ran.returncode == 0, ran.stderr


def test_a_secret_that_waits_for_its_deletion_and_a_rule_put_back_by_hand_stay(kept: Kept, checkout: Path) -> None:
    """The one is restored with its value; the other says what it said, under another id."""
    text, secrets, ec2 = kept.environment.read_text(encoding="utf-8"), kept.client("secretsmanager"), kept.client("ec2")
    ids = dict(resources(kept, NAME))
    seed, path = ids["Secrets/FernetSeed"], "Network/SchedulerToDatabaseIngress"
    value = secrets.get_secret_value(SecretId=seed)["SecretString"]
    secrets.delete_secret(SecretId=seed, RecoveryWindowInDays=7)
    (rule,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[ids[path]])["SecurityGroupRules"]
    ec2.revoke_security_group_ingress(GroupId=rule["GroupId"], SecurityGroupRuleIds=[ids[path]])
    assert path in kept.run("status", str(kept.environment)).stdout
    other = [{"GroupId": rule["ReferencedGroupInfo"]["GroupId"]}]
    port = {"IpProtocol": "tcp", "FromPort": rule["FromPort"], "ToPort": rule["ToPort"], "UserIdGroupPairs": other}
    ec2.authorize_security_group_ingress(GroupId=rule["GroupId"], IpPermissions=[port])
    status = kept.run("status", str(kept.environment))
    assert (path in status.stdout, "Secrets/FernetSeed" in status.stdout) == (False, True)
    ec2.revoke_security_group_ingress(GroupId=rule["GroupId"], IpPermissions=[port])
    done = kept.deploy(text, checkout, "--repair")
    assert done.returncode == 0, done.stderr
    assert "Secrets/FernetSeed was to be deleted. It stays, with its value." in done.stderr
    assert secrets.get_secret_value(SecretId=seed)["SecretString"] == value


def test_another_major_version_is_refused_before_anything_changes(kept: Kept, checkout: Path) -> None:
    """RDS would refuse it, and the stack would roll back."""
    text = kept.environment.read_text(encoding="utf-8")
    before = _stack(kept)
    done = kept.deploy(text.replace('version: "16"', 'version: "17"'), checkout)
    assert done.returncode != 0
    assert "database.version: it runs 16, and the YAML says 17" in done.stderr
    assert 'add "allow_major_version_upgrade: true" below it' in done.stderr
    assert _stack(kept) == before


def test_a_major_version_that_the_yaml_allows_is_upgraded_after_a_snapshot(kept: Kept, checkout: Path) -> None:
    """The instance stays, with its data and a parameter group of the new family; its runs are there afterwards."""
    text, rds = kept.environment.read_text(encoding="utf-8"), kept.client("rds")
    (before,) = rds.describe_db_instances()["DBInstances"]
    newer = text.replace('version: "16"', 'version: "17"\n  allow_major_version_upgrade: true')
    kept.command("airflow variables set before 42")
    done = kept.deploy(newer, checkout)
    assert done.returncode == 0, done.stderr
    assert "PostgreSQL 16 -> 17" in done.stderr
    assert "was not foreseen" not in done.stderr
    (after,) = rds.describe_db_instances()["DBInstances"]
    assert (after["EngineVersion"], after["DBInstanceIdentifier"]) == ("17", before["DBInstanceIdentifier"])
    families = {one["DBParameterGroupFamily"] for one in rds.describe_db_parameter_groups()["DBParameterGroups"]}
    assert families == {"postgres17"}
    assert [one["DBSnapshotIdentifier"] for one in rds.describe_db_snapshots()["DBSnapshots"]] != []
    kept.command("test $(airflow variables get before) = 42")
    done = kept.deploy(newer, checkout)
    assert done.returncode == 0, done.stderr
    assert "was up to date" in done.stderr


def test_a_snapshot_of_before_becomes_a_second_instance_beside_the_first(kept: Kept, checkout: Path) -> None:
    """The way back from a newer engine: what was encrypted before is there, and what came after is not."""
    text, rds = kept.environment.read_text(encoding="utf-8"), kept.client("rds")
    (snapshot,) = (one["DBSnapshotIdentifier"] for one in rds.describe_db_snapshots()["DBSnapshots"])
    kept.command("airflow variables set after 43")
    restored = f'version: "16"\n  restore_from: {{snapshot: {snapshot}, generation: 2}}'
    back = text.replace('version: "16"', f'{restored}\n  former: {{version: "17"}}')
    done = kept.deploy(back, checkout)
    assert done.returncode == 0, done.stderr
    assert "goes on with another instance, Database/Instance2" in done.stderr
    instances = rds.describe_db_instances()["DBInstances"]
    assert sorted(one["EngineVersion"] for one in instances) == ["16", "17"]
    kept.command("test $(airflow variables get before) = 42 && ! airflow variables get after")
    done = kept.deploy(text.replace('version: "16"', restored), checkout)
    assert done.returncode != 0
    assert "--allow-replace Database/Instance" in done.stderr
    done = kept.run("deploy", "env.yaml", "--yes", "--allow-replace", "Database/Instance", checkout=checkout)
    assert done.returncode == 0, done.stderr
    (left,) = rds.describe_db_instances()["DBInstances"]
    assert left["EngineVersion"] == "16"
    kept.command("test $(airflow variables get before) = 42")


def test_the_database_goes_back_to_a_moment(kept: Kept, checkout: Path) -> None:
    """What was written before is there, and what came after is in the former instance, which stays."""
    first = checkout / "env.yaml"  # an earlier test may have brought another instance
    text, rds = (first if first.exists() else kept.environment).read_text(encoding="utf-8"), kept.client("rds")
    assert kept.deploy(text, checkout).returncode == 0
    kept.command("airflow variables set moment before")
    time.sleep(1)
    moment = f"{datetime.now(UTC) + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"
    time.sleep(2)
    kept.command("airflow variables set moment after")
    refused = kept.run("restore", "env.yaml", "--to", "2020-01-01T00:00:00Z", checkout=checkout)
    assert refused.returncode != 0
    assert re.search(r"reach from \S+Z to \S+Z, and 2020-01-01T00:00:00Z is not among that", refused.stderr)
    for _ in range(2):  # the second time there is nothing left to write
        done = kept.run("restore", "env.yaml", "--to", moment, checkout=checkout)
        assert done.returncode == 0, done.stderr
    instances = {one["DBInstanceIdentifier"] for one in rds.describe_db_instances()["DBInstances"]}
    done = kept.run("deploy", "env.yaml", "--yes", checkout=checkout)
    assert done.returncode == 0, done.stderr
    assert "goes on with another instance" in done.stderr
    assert "was not foreseen" not in done.stderr
    kept.command("test $(airflow variables get moment) = before")
    assert instances < {one["DBInstanceIdentifier"] for one in rds.describe_db_instances()["DBInstances"]}
    assert "former       Database/Instance" in kept.run("status", "env.yaml", checkout=checkout).stdout
    done = kept.run("deploy", "env.yaml", "--yes", checkout=checkout)
    assert "was up to date" in done.stderr
    former = next(line for line in (checkout / "env.yaml").read_text("utf-8").splitlines() if "former:" in line)
    without = (checkout / "env.yaml").read_text("utf-8").replace(f"{former}\n", "")
    generation = int(re.findall(r"generation: (\d+)", without)[0])
    path = f"Database/Instance{'' if generation == SECOND else generation - 1}"
    done = kept.deploy(without, checkout, "--allow-replace", path)
    assert done.returncode == 0, done.stderr
    kept.command("test $(airflow variables get moment) = before")


def test_a_protected_environment_with_a_stopped_instance_is_taken_down(kept: Kept, checkout: Path) -> None:
    """RDS modifies no stopped instance, so its protection can only go when it runs."""
    last = checkout / "env.yaml"  # an engine that was upgraded stays so
    text = (last if last.exists() else kept.environment).read_text(encoding="utf-8")
    protected = kept.deploy(f"{text}\nprotect: true\n", checkout)
    assert protected.returncode == 0, protected.stderr
    rds = kept.client("rds")
    (instance,) = rds.describe_db_instances()["DBInstances"]
    assert instance["DeletionProtection"]
    rds.stop_db_instance(DBInstanceIdentifier=instance["DBInstanceIdentifier"])
    until(lambda: rds.describe_db_instances()["DBInstances"][0]["DBInstanceStatus"] == "stopped")
    done = kept.run("teardown", "env.yaml", "--yes", "--unprotect", NAME, "--json", checkout=checkout)
    assert done.returncode == 0, done.stderr
    assert ("stack", NAME) in {(item["kind"], item["name"]) for item in json.loads(done.stdout)["deleted"]}
    assert "The kept rehearsal has ended; nothing of it is left" in done.stderr


def _stack(kept: Kept) -> dict[str, Any]:
    (stack,) = kept.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"]
    return {key: stack[key] for key in ("StackStatus", "LastUpdatedTime", "Parameters")}


def _cluster(kept: Kept) -> str:
    (stack,) = kept.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"]
    return next(str(one["OutputValue"]) for one in stack["Outputs"] if one["OutputKey"] == "ClusterName")


def _providers(kept: Kept) -> set[str]:
    """Return the capacity of all services."""
    ecs, cluster = kept.client("ecs"), _cluster(kept)
    arns = ecs.list_services(cluster=cluster)["serviceArns"]
    services = ecs.describe_services(cluster=cluster, services=arns)["services"]
    return {one["capacityProvider"] for service in services for one in service["capacityProviderStrategy"]}


def _tasks(kept: Kept) -> list[dict[str, Any]]:
    """Return the running tasks of services."""
    ecs, cluster = kept.client("ecs"), _cluster(kept)
    arns = ecs.list_tasks(cluster=cluster)["taskArns"]
    found = ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"]
    return [task for task in found if task["group"].startswith("service:") and task["lastStatus"] == "RUNNING"]
