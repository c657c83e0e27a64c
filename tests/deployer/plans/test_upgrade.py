"""How an environment comes to another Airflow release is decided without AWS."""

from dataclasses import replace
from datetime import timedelta

import pytest

from deployer.plans.database_changes import EngineUpgrade
from deployer.plans.observed import Observed
from deployer.plans.upgrade import DeployChoices, UpgradeRefusal, migration_steps, plan_upgrade, rest_steps
from deployer.record.deploy_state import NOTHING
from deployer.steps.code.sync import SyncCode
from deployer.steps.step import Need
from deployer.steps.upgrade.drain import Drain
from deployer.steps.upgrade.migrate import Migrate
from deployer.steps.upgrade.release_images import BuildReleaseImages
from deployer.steps.upgrade.snapshot import TakeSnapshot
from spec.environment import Environment
from tests.deployer.fakes.environment import environment, template_set
from tests.deployer.fakes.observed import CODE, IMAGE, absent, deployed, with_stack

NEWEST = {"2.5.3": "3.3.2", '"3.10"': '"3.12"'}
ENGINE = EngineUpgrade(title="PostgreSQL", before="16", after="17")
IN_CONTAINER = {"DatabaseInstance": "", "DatabaseAccessPoint": "fsap-1", "DatabaseService": "Database"}


def _env(**more: str) -> Environment:
    return environment(**{**NEWEST, **more})


def _in_container(**outputs: str) -> Observed:
    observed = deployed()
    assert observed.stack is not None
    seen = with_stack(observed, outputs={**observed.stack.outputs, **IN_CONTAINER, **outputs})
    return replace(seen, state=replace(seen.state, database="fsap-1"))


def test_the_release_that_is_there_takes_nothing() -> None:
    """Neither does an environment that is not there, nor one whose database was never initialised."""
    assert plan_upgrade(environment(), deployed()) is None
    assert plan_upgrade(_env(), absent()) is None
    stopped = with_stack(deployed(), parameters={"SchedulerCount": "0"})
    assert plan_upgrade(_env(), replace(stopped, state=NOTHING)) is None


def test_another_release_has_its_hops_and_the_images_that_are_missing() -> None:
    """The image of the YAML is built anyway, and the deployed one is there."""
    upgrade = plan_upgrade(_env(), deployed())
    assert upgrade is not None
    assert str(upgrade) == "Airflow 2.5.3 -> 2.11.2 -> 3.3.2"
    assert [release.version for release in upgrade.images] == ["2.11.2"]
    assert upgrade.snapshot
    assert upgrade.minutes > 10


def test_images_come_before_rest_and_rest_before_the_snapshot() -> None:
    """What fails cheaply fails before anything stops."""
    upgrade = plan_upgrade(_env(), deployed())
    assert upgrade is not None
    assert [type(step) for step in rest_steps(upgrade)] == [BuildReleaseImages, Drain, TakeSnapshot]
    direct = plan_upgrade(environment(**{"2.5.3": "2.11.2", '"3.10"': '"3.12"'}), deployed())
    assert direct is not None
    assert [type(step) for step in rest_steps(direct)] == [Drain, TakeSnapshot]


def test_code_comes_before_the_migration() -> None:
    """Where it is on the file system already, nothing is copied."""
    steps = tuple(migration_steps(_env(), CODE, template_set(), deployed()))
    assert [(type(step), step.need) for step in steps] == [(SyncCode, Need.NO), (Migrate, Need.YES)]


def test_a_downgrade_must_be_allowed_by_name() -> None:
    """It drops what only the newer release keeps."""
    newer = replace(deployed(), state=replace(deployed().state, airflow_version="3.3.2"))
    with pytest.raises(UpgradeRefusal, match="which is older") as refusal:
        plan_upgrade(environment(), newer)
    assert "set airflow.version to 3.3.2" in refusal.value.next_step
    upgrade = plan_upgrade(environment(), newer, DeployChoices(allow_downgrade=True))
    assert str(upgrade) == "Airflow 3.3.2 -> 2.11.2 -> 2.5.3"


def test_a_release_without_a_road_is_refused() -> None:
    """What Windsock does not run it cannot leave."""
    old = replace(deployed(), state=replace(deployed().state, airflow_version="2.4.0"))
    with pytest.raises(UpgradeRefusal, match=r"cannot come from Airflow 2\.4\.0 to 3\.3\.2"):
        plan_upgrade(_env(), old)


def test_a_database_outside_is_migrated_without_a_snapshot_only_by_name() -> None:
    """Whoever runs it has backups, and says so."""
    observed = deployed()
    assert observed.stack is not None
    place = "db.example.com:5432/airflow"
    outputs = {**observed.stack.outputs, "DatabaseInstance": "", "ExternalDatabase": place}
    seen = with_stack(observed, outputs=outputs)
    outside = replace(seen, state=replace(seen.state, database=place))
    with pytest.raises(UpgradeRefusal, match="a database that is yours"):
        plan_upgrade(_env(), outside)
    upgrade = plan_upgrade(_env(), outside, DeployChoices(without_snapshot=True))
    assert upgrade is not None
    assert not upgrade.snapshot


def test_a_database_in_a_container_is_migrated_without_a_snapshot_only_by_name() -> None:
    """AWS takes none of it."""
    with pytest.raises(UpgradeRefusal, match="its database in a container"):
        plan_upgrade(_env(), _in_container())
    upgrade = plan_upgrade(_env(), _in_container(), DeployChoices(without_snapshot=True))
    assert upgrade is not None
    assert not upgrade.snapshot
    assert next(step.need for step in rest_steps(upgrade) if isinstance(step, TakeSnapshot)) is Need.NO


def test_a_newer_engine_takes_rest_and_a_snapshot_and_no_hop() -> None:
    """CloudFormation upgrades it while services are at zero; the release of Airflow stays."""
    observed = deployed()
    upgrade = plan_upgrade(environment(), observed, engine=ENGINE)
    assert upgrade is not None
    assert (str(upgrade), upgrade.hops, upgrade.snapshot) == ("PostgreSQL 16 -> 17", (), True)
    assert [type(step) for step in rest_steps(upgrade)] == [Drain, TakeSnapshot]
    assert upgrade.minutes > 20
    assert upgrade.after(observed).state.airflow_version == "2.5.3"


def test_a_newer_engine_comes_alone() -> None:
    """What fails beside it would be rolled back, and the engine cannot be."""
    for env, engine, more in (
        (_env(), ENGINE, r"Airflow 2\.5\.3 -> 2\.11\.2 -> 3\.3\.2"),
        (environment(), replace(ENGINE, others=("Network",)), "Network"),
    ):
        with pytest.raises(UpgradeRefusal, match=rf"together with other changes: {more}\.") as refusal:
            plan_upgrade(env, deployed(), engine=engine)
        assert 'with database.version "16" first' in refusal.value.next_step


def test_another_instance_takes_the_place_of_one_that_no_release_can_bring_back() -> None:
    """Neither a flag nor a snapshot is asked for: the former instance stays. Nothing is known of the new one."""
    broken = replace(deployed().state, airflow_version="2.11.2", migrating="3.3.2")
    observed = replace(deployed(), state=broken)
    upgrade = plan_upgrade(environment(), observed, successor="Database/Instance2")
    assert upgrade is not None
    assert (str(upgrade), upgrade.hops, upgrade.snapshot) == ("Database/Instance2", (), False)
    after = upgrade.after(observed).state
    assert (after.airflow_version, after.database, after.admin) == ("", "", "")


def test_what_keeps_no_data_needs_no_snapshot() -> None:
    """A container without files starts empty whenever its task is another."""
    assert plan_upgrade(_env(), _in_container(DatabaseAccessPoint="")) is not None


def test_another_database_has_nothing_to_migrate() -> None:
    """It is initialised by the release of the YAML."""
    other = replace(deployed(), state=replace(deployed().state, database="gone"))
    assert plan_upgrade(_env(), other) is None


def test_a_lost_deploy_state_is_read_from_what_runs() -> None:
    """Its release, its image and its database."""
    upgrade = plan_upgrade(_env(), replace(deployed(), state=NOTHING))
    assert upgrade is not None
    assert (upgrade.state.airflow_version, upgrade.state.image, upgrade.state.database) == ("2.5.3", IMAGE, "db-1")


@pytest.mark.parametrize(("hour", "refused"), [("12:30", True), ("12:00", False), ("13:30", False)])
def test_no_upgrade_begins_shortly_before_the_office_hours_change(hour: str, *, refused: bool) -> None:
    """A schedule would start services on a database that is migrated, or stop it; it is Monday noon."""
    hours = f'schedule: {{on: "06:00-{hour} Mon-Fri", timezone: UTC}}\nname:'
    env = _env(**{"name:": hours})
    if refused:
        with pytest.raises(UpgradeRefusal, match=r"change at 2026-11-02 12:30"):
            plan_upgrade(env, deployed())
    else:
        assert plan_upgrade(env, deployed()) is not None


@pytest.mark.parametrize(("minutes", "refused"), [(30, True), (None, False), (60 * 24, False)])
def test_no_upgrade_begins_shortly_before_the_alarm_rings(minutes: int | None, *, refused: bool) -> None:
    """It would start services on a database that is migrated."""
    env = _env(**{"name:": "schedule: {when: due}\nname:"})
    seen = deployed()
    seen = replace(seen, alarm=seen.now + timedelta(minutes=minutes) if minutes else None)
    if refused:
        with pytest.raises(UpgradeRefusal, match=r"The alarm of \w+ rings at 2026-11-02 12:30"):
            plan_upgrade(env, seen)
    else:
        assert plan_upgrade(env, seen) is not None


def test_an_upgrade_that_has_begun_goes_on_at_any_hour() -> None:
    """Nothing runs any more."""
    env = _env(**{"name:": 'schedule: {on: "06:00-12:30 Mon-Fri", timezone: UTC}\nname:'})
    assert plan_upgrade(env, with_stack(deployed(), parameters={"SchedulerCount": "0"})) is not None
