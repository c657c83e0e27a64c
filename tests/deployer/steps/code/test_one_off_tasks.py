"""One-off tasks run when deploy state and outputs say that something is to be done, and the state says it was."""

import json
from dataclasses import replace

from deployer.release.airflow_home import Code, CodeFile
from deployer.steps.code.one_off_tasks import PlannedTask, RunOneOffTasks
from deployer.steps.step import Facts, Need
from tests.deployer.fakes.environment import template_set
from tests.deployer.fakes.observed import CODE, IMAGE
from tests.deployer.fakes.running import Running, behind

SYNC = PlannedTask(task="sync", command="", need=Need.YES)


def _run(running: Running, *, need: Need = Need.UNKNOWN, **more: object) -> Facts:
    step = RunOneOffTasks(need=need, reason="something may be new", code=CODE, templates=template_set(), tasks=(SYNC,))
    return step.execute(running.context, running.facts(**{"image": IMAGE, **more}))


def test_nothing_to_do_starts_nothing_and_writes_nothing() -> None:
    """Code, database, image and admin are those of the deploy state."""
    running = Running()
    _run(running)
    assert (running.world.session.ecs.runs, running.world.session.parameters.writes) == ([], [])


def test_older_code_is_synced() -> None:
    """By the new image. The deploy state says so afterwards, and names no attempt that goes on."""
    running = Running()
    facts = _run(running, state=behind(code="older"))
    ((definition, _),) = running.world.session.ecs.runs
    (container,) = running.world.session.ecs.definitions[definition]["containerDefinitions"]
    assert container["image"].endswith(f"@{IMAGE}")
    assert facts.synced
    assert (facts.state.code, facts.state.run) == (CODE.release, "")
    assert json.loads(running.stored())["code"] == CODE.release


def test_a_new_image_migrates_the_database() -> None:
    """The known database is not initialised again."""
    running = Running()
    facts = _run(running, image=f"sha256:{'b' * 64}")
    ((_, script),) = running.world.session.ecs.runs
    assert "airflow db upgrade" in script
    assert facts.state.image == f"sha256:{'b' * 64}"
    assert not facts.synced


def test_another_database_is_initialised_and_asks_for_a_restart() -> None:
    """The web server of Airflow 2 writes its roles when it starts."""
    running = Running()
    facts = _run(running, state=behind(database="db-0"))
    ((_, script),) = running.world.session.ecs.runs
    assert "airflow db init" in script
    assert facts.state.restart == ""


def test_a_step_with_nothing_to_do_does_not_look() -> None:
    """The plan has seen that the file system holds the code."""
    running = Running()
    _run(running, need=Need.NO, state=behind(code="older"))
    assert running.world.session.ecs.runs == []


def test_commands_for_the_database_wait_for_code_that_an_option_names() -> None:
    """Airflow imports it at once; without such an option both go at the same time."""
    for config, attempts in (("acme.xcom.MarkedXCom", 2), ("airflow.models.xcom.BaseXCom", 1)):
        running = Running()
        env = running.context.env
        changed = env.airflow.model_copy(update={"config": {"core": {"xcom_backend": config}}})
        context = replace(running.context, env=env.model_copy(update={"airflow": changed}))
        code = Code((CodeFile("plugins/acme/xcom.py", b"x = 1\n"),))
        step = RunOneOffTasks(need=Need.YES, reason="it is new", code=code, templates=template_set(), tasks=(SYNC,))
        step.execute(context, running.facts(image=IMAGE, state=behind(database="db-0", code="older")))
        assert "sync:" in next(definition for definition, _ in running.world.session.ecs.runs)
        states = (json.loads(text) for text in running.world.session.parameters.written)
        assert sum(bool(state["run"]) for state in states) == attempts
