"""After a deploy nothing lies where it would hold up a deletion."""

from deployer.lifetime.cleanup import clear_code, clear_for_expiry, limit_logs_of_aws
from deployer.stacks.outputs import Outputs
from tests.deployer.fakes.environment import World, environment, outputs_of

LASTING, PASSING = environment(), environment(name="ttl: 3d\nname")


def _clear(world: World, outputs: Outputs) -> None:
    for bucket, key in (("code", "code/dags/one.py"), ("templates", "passing/demo/a"), ("templates", "demo/a")):
        world.session.s3.put(bucket, key, b"")
    clear_for_expiry(PASSING, world.session.as_session, outputs, "templates")


def test_an_environment_that_deletes_itself_leaves_neither_code_nor_templates() -> None:
    """The file system has the one, CloudFormation the other; templates of others stay."""
    world = World()
    _clear(world, outputs_of(world))
    assert world.session.s3.buckets["code"] == {}
    assert set(world.session.s3.buckets["templates"]) == {"demo/a"}


def test_an_environment_without_ttl_keeps_its_code() -> None:
    """The bucket is the copy from which a new file system is filled."""
    world = World()
    world.session.s3.put("code", "code/dags/one.py", b"")
    clear_code(LASTING, world.session.as_session, outputs_of(world))
    clear_for_expiry(LASTING, world.session.as_session, outputs_of(world), "templates")
    assert "code/dags/one.py" in world.session.s3.buckets["code"]


def test_a_revision_that_served_is_retired() -> None:
    """CloudFormation knows its own revision only."""
    world = World()
    world.session.ecs.register(world.session.ecs.definitions["command:1"])
    clear_for_expiry(LASTING, world.session.as_session, outputs_of(world), "templates")
    assert len(world.session.ecs.retired) == 1
    assert "command:1" not in world.session.ecs.retired


def test_log_groups_of_aws_forget_as_the_others_do() -> None:
    """RDS and Container Insights make theirs without an end, and only where the environment is protected."""
    world = World()
    own = ["/aws/rds/instance/db-1/postgresql", "/aws/ecs/containerinsights/cluster/performance"]
    world.session.logs.names = [*own, "/aws/rds/instance/db-10/postgresql"]
    limit_logs_of_aws(LASTING, world.session.as_session, outputs_of(world))
    assert world.session.logs.days == {}
    kept = environment(name="protect: true\nlogs: {retention_days: 90}\nname")
    limit_logs_of_aws(kept, world.session.as_session, outputs_of(world))
    assert world.session.logs.days == dict.fromkeys(own, 90)
