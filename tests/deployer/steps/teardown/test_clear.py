"""What CloudFormation leaves behind is cleared, and what others use is kept."""

from deployer.access.secrets import set_secret
from deployer.aws.rds import Snapshot
from deployer.record.owned_resources import OwnedResources
from deployer.steps.teardown.clear import ClearRemains, ClearTemplates
from tests.deployer.fakes.running import Running

OWNED = OwnedResources(databases=("db-1",), families=("command",), log_groups=("scheduler-log",))
TEMPLATES = ClearTemplates(reason="nobody needs them any more", bucket="templates")


def _lines(running: Running, step: ClearRemains | ClearTemplates) -> tuple[list[str], list[str]]:
    report = step.execute(running.context, running.facts(owned=OWNED)).report
    return [item.name for item in report.deleted], [item.name for item in report.kept]


def test_revisions_and_log_groups_go_and_snapshots_are_named() -> None:
    """What still costs money is on the report."""
    running = Running()
    running.world.session.logs.names = ["/aws/rds/instance/db-1/postgresql", "scheduler-log", "other"]
    running.world.session.rds.taken = {"db-1": (Snapshot("demo-snapshot", 20),)}
    assert _lines(running, ClearRemains(reason="CloudFormation does not know of it")) == (
        ["command", "/aws/rds/instance/db-1/postgresql", "scheduler-log"],
        ["demo-snapshot"],
    )
    assert running.world.session.logs.names == ["other"]


def test_secrets_that_people_set_are_removed_and_can_be_restored() -> None:
    """Those of somebody else are left alone."""
    running = Running()
    set_secret(running.context.env, running.world.session.as_session, "token", "x")
    running.world.session.secrets.values["demo/theirs"] = "y"
    report = ClearRemains(reason="it is over").execute(running.context, running.facts(owned=OwnedResources())).report
    assert [(item.name, item.note) for item in report.deleted] == [
        ("demo/token", "until 2026-01-31 `windsock secrets set` restores it")
    ]


def test_the_last_environment_takes_the_bootstrap_stack_along() -> None:
    """With its own templates."""
    running = Running()
    running.world.session.s3.put("templates", "demo/a.yaml", b"")
    assert _lines(running, TEMPLATES) == (["templates/demo/", "windsock-toolkit"], [])


def test_another_environment_keeps_the_bootstrap_stack() -> None:
    """Its templates are not touched."""
    running = Running()
    running.world.session.s3.put("templates", "other/a.yaml", b"")
    assert _lines(running, TEMPLATES) == ([], ["windsock-toolkit"])
    assert running.world.session.s3.buckets["templates"] == {"other/a.yaml": b""}
