"""Evidence is gathered as far as AWS lets us look."""

from dataclasses import replace

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.diagnosis.diagnose import explain
from deployer.diagnosis.evidence import ABSENT, DELETED, Evidence
from deployer.diagnosis.gather import Surroundings, gather, resolves
from deployer.stacks.preflight import PreflightRefusal
from tests.deployer.diagnosis.planting import exits, member
from tests.deployer.fakes.environment import World, environment, template_set
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.site import fake_site

SURROUNDINGS = Surroundings(templates=template_set())


def _gathered(running: Running) -> Evidence:
    with fake_site() as site:
        return gather(running.env, running.world.session.as_session, replace(SURROUNDINGS, web_url=site.url))


class _Closed:
    """A service of AWS that the caller may not use."""

    def __getattr__(self, _name: str) -> object:
        raise AwsRefusal("AWS denies this to the caller.", why="GetLogEvents: not allowed", code="AccessDenied")


def test_an_environment_that_is_not_deployed_is_absent() -> None:
    """What the account lacks for it is looked at."""
    world = World()
    world.session.iam.roles.clear()
    evidence = gather(environment(), world.session.as_session, SURROUNDINGS)
    assert (evidence.stack, evidence.health) == (ABSENT, None)
    assert explain(evidence).causes[0].name == "not deployed"


def test_what_may_not_be_read_is_named_and_the_rest_is_read() -> None:
    """A person with few rights sees less, and is told so."""
    running = Running()
    exits("scheduler", "boom")(running)
    running.world.session.logs = _Closed()  # type: ignore[assignment]  # all that is asked of it
    evidence = _gathered(running)
    assert evidence.unread
    assert all("not allowed" in sentence for sentence in evidence.unread)
    assert evidence.health is not None
    assert explain(evidence).causes


def test_a_database_that_is_gone_is_deleted() -> None:
    """RDS refuses to describe it."""

    class _Gone:
        def state(self, _name: str) -> str:
            raise AwsRefusal("no", code="DBInstanceNotFound")

    running = Running()
    running.world.session.rds = _Gone()  # type: ignore[assignment]  # all that is asked of it
    assert _gathered(running).database == DELETED


def test_a_rule_that_is_revoked_is_no_missing_part() -> None:
    """It has a cause of its own."""
    running = Running()
    member("Group", "sg-1", "AWS::EC2::SecurityGroup")(running)
    member("Ingress", "sgr-1", "AWS::EC2::SecurityGroupIngress")(running)
    evidence = _gathered(running)
    assert (evidence.closed, evidence.missing) == (("Services/Ingress",), ())


def test_a_stack_under_way_is_not_failed() -> None:
    """It has no outputs yet, either."""
    world = World()
    world.session.cloudformation.put("demo", "CREATE_IN_PROGRESS", tags={"windsock:environment": "demo"})
    evidence = gather(environment(), world.session.as_session, SURROUNDINGS)
    assert not evidence.failed
    assert explain(evidence).causes[0].name == "operation under way"


def test_another_account_is_refused() -> None:
    """Nothing there is the environment's."""
    world = World()
    world.session.account = "999999999999"
    with pytest.raises(PreflightRefusal):
        gather(environment(), world.session.as_session, SURROUNDINGS)


def test_a_name_resolves_or_not() -> None:
    """Names below .invalid never do: RFC 2606."""
    assert resolves("localhost")
    assert not resolves("airflow.invalid")
