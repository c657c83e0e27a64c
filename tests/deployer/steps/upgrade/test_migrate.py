"""The database is migrated hop by hop, each by the image of the newer release."""

from typing import Any

import pytest

from deployer.release.airflow_home import Code, CodeFile
from deployer.steps.step import Facts
from deployer.steps.upgrade.migrate import Migrate, MigrationFailure
from tests.deployer.fakes.environment import environment, template_set
from tests.deployer.fakes.observed import CODE
from tests.deployer.fakes.running import Running, behind

BETWEEN = {"2.11.2": "sha256:between"}
NEW = {"2.5.3": "3.3.2", '"3.10"': '"3.12"'}


def _running(**replacements: str) -> Running:
    return Running(env=environment(**{**NEW, **replacements}))


def _migrate(running: Running, code: Code = CODE, **facts: Any) -> Facts:
    given = {"image": "sha256:new", "release_images": BETWEEN, **facts}
    return Migrate(reason="", code=code, templates=template_set()).execute(running.context, running.facts(**given))


def _runs(running: Running) -> list[tuple[str, str]]:
    ecs = running.world.session.ecs
    images = (ecs.definitions[name]["containerDefinitions"][0]["image"] for name, _ in ecs.runs)
    scripts = (script.partition("LOGGING_CONFIG_CLASS\n")[2] for _, script in ecs.runs)
    return [(image.partition("@")[2], script) for image, script in zip(images, scripts, strict=True)]


def test_each_hop_is_a_task_and_the_deploy_state_follows_it() -> None:
    """So that a later run goes on with the next one."""
    running = _running()
    facts = _migrate(running)
    assert _runs(running) == [("sha256:between", "airflow db migrate"), ("sha256:new", "airflow db migrate")]
    assert (facts.state.airflow_version, facts.state.image, facts.state.migrating) == ("3.3.2", "sha256:new", "")
    writes = [text for text in running.world.session.parameters.written if '"migrating": "2.11.2"' in text]
    assert '"airflow_version": "2.5.3"' in writes[0]
    assert '"migrating_image": "sha256:between"' in writes[0]
    (note,) = running.progress.notes
    assert note.startswith("The database is at Airflow 3.3.2.")
    assert "airflow.version 2.5.3 and `windsock deploy --allow-downgrade`" in note


def test_a_task_that_may_still_run_is_joined_by_its_own_image() -> None:
    """Even where the new image is another by now; that one migrates afterwards, as with any new image."""
    running = Running(env=environment(**{"2.5.3": "2.11.2", '"3.10"': '"3.12"'}))
    _migrate(running, state=behind(migrating="2.11.2", migrating_image="sha256:begun", run="r"))
    assert [image for image, _ in _runs(running)] == ["sha256:begun"]


def test_after_a_failure_the_new_image_tries_it() -> None:
    """It may have what the other lacked."""
    running = Running(env=environment(**{"2.5.3": "2.11.2", '"3.10"': '"3.12"'}))
    _migrate(running, state=behind(migrating="2.11.2", migrating_image="sha256:broken", run=""))
    assert [image for image, _ in _runs(running)] == ["sha256:new"]


def test_another_database_in_its_place_is_not_migrated() -> None:
    """It is empty, and is initialised by the release of the YAML."""
    running = _running()
    _migrate(running, state=behind(database="gone"))
    assert _runs(running) == []


def test_options_with_modules_of_the_user_are_unset_for_a_release_on_the_way() -> None:
    """Its image has none of the user's packages; the user's own image has."""
    running = _running(
        **{"network:": "network:", "airflow: {": "airflow: {config: {core: {xcom_backend: plugins.x.B}}, "}
    )
    _migrate(running, Code((CodeFile("plugins/x.py", b"class B: ...\n"),)))
    assert [script.splitlines()[0] for _, script in _runs(running)] == [
        *("unset AIRFLOW__CORE__XCOM_BACKEND", "airflow db migrate"),
    ]


def test_a_failed_downgrade_names_no_further_way_back() -> None:
    """Only the same again, and the snapshot."""
    running = Running()
    running.world.session.ecs.exits = {
        f"arn:aws:ecs:us-west-2:123456789012:task-definition/command:{number}": 1 for number in range(9)
    }
    state = behind(airflow_version="2.11.2", image="sha256:newer", snapshot="before")
    with pytest.raises(MigrationFailure, match=r"from Airflow 2\.11\.2 to 2\.5\.3") as failure:
        _migrate(running, state=state)
    assert "Or go back" not in failure.value.next_step
    assert "restore_from: {snapshot: before, generation: 2}" in failure.value.next_step
