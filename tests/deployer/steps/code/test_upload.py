"""Code is uploaded when the bucket holds other code, and cleared from the bucket of what deletes itself."""

from deployer.steps.code.upload import ClearCode, UploadCode
from deployer.steps.step import Need
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import CODE
from tests.deployer.fakes.running import Running, behind

TTL = environment(name="ttl: 3d\nname")


def _upload(running: Running, need: Need = Need.YES, **more: object) -> tuple[str, ...]:
    step = UploadCode(need=need, reason="the bucket holds other code", code=CODE)
    return step.execute(running.context, running.facts(**more)).uploaded.put


def test_code_goes_up() -> None:
    """Once: the step compares with what the bucket holds now."""
    running = Running()
    assert _upload(running) == ("dags/one.py", "plugins/hello.py")
    assert _upload(running) == ()
    assert running.progress.phases == ["code", "code"]


def test_code_that_is_there_costs_no_call() -> None:
    """The phase shows all the same."""
    running = Running()
    assert _upload(running, Need.NO) == ()
    assert running.world.session.s3.puts == []


def test_code_of_what_deletes_itself_goes_up_for_a_sync_only() -> None:
    """Its bucket is to be empty when its time is over."""
    running = Running(env=TTL)
    assert _upload(running) == ()
    assert _upload(running, state=behind(code="older")) == ("dags/one.py", "plugins/hello.py")


def test_the_bucket_is_emptied_after_a_sync_only() -> None:
    """Before, the sync task needs what is in it."""
    running = Running(env=TTL)
    _upload(running, state=behind(code="older"))
    step = ClearCode(reason="it deletes itself")
    step.execute(running.context, running.facts())
    assert running.world.session.s3.buckets["code"]
    step.execute(running.context, running.facts(synced=True))
    assert running.world.session.s3.buckets["code"] == {}
