"""A push to an environment of an earlier Windsock goes on as before, until a deploy lays releases there."""

from dataclasses import replace

from deployer.plans.deliveries.files import after_push, changes, is_deployed, push, tasks
from deployer.plans.observed import Observed
from deployer.release.upload_code import Uploaded
from tests.deployer.fakes.environment import World, environment, outputs_of
from tests.deployer.fakes.observed import CODE, deployed, with_stack


def _former(code: str) -> Observed:
    observed = deployed()
    assert observed.stack is not None
    seen = with_stack(observed, outputs={**observed.stack.outputs, "CodeAccessPoint": ""})
    return replace(seen, state=replace(seen.state, code=code), code={file.path: file.md5 for file in CODE.files})


def test_the_outputs_say_whether_releases_lie_there() -> None:
    """Only then is there an access point for them."""
    assert is_deployed(outputs_of(World(), CodeAccessPoint=""))
    assert not is_deployed(outputs_of(World()))


def test_other_files_go_up_and_are_copied() -> None:
    """What is there already is left alone."""
    assert [step.need.value for step in push(environment(), CODE, _former(CODE.version))] == ["nothing to do"] * 2
    assert list(tasks(CODE, _former(CODE.version))) == []
    older = replace(_former("older"), code={"dags/one.py": "other", "dags/two.py": "1"})
    assert changes(CODE, older) == Uploaded(("dags/one.py", "plugins/hello.py"), ("dags/two.py",))
    assert [step.need.value for step in push(environment(), CODE, older)] == ["to do"] * 2
    assert list(after_push(environment(), CODE, older)) == []


def test_an_environment_that_deletes_itself_has_its_bucket_emptied() -> None:
    """Its empty bucket is no reason for an upload."""
    steps = list(push(environment(name="ttl: 3d\nname"), CODE, replace(_former(CODE.version), code={})))
    assert [(step.name, step.need.value) for step in steps] == [
        ("code", "nothing to do"),
        ("sync", "nothing to do"),
        ("code", "to do"),
    ]
