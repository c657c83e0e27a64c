"""The promises of deployer/steps/stacks/service_linked_roles.py, on the AWS in memory."""

from deployer.account.service_linked_roles import ROLES
from deployer.record.lease import new_lease
from deployer.record.teardown_report import TeardownReport
from deployer.steps.stacks.service_linked_roles import CreateServiceLinkedRoles
from deployer.steps.step import Context, Facts
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.session import FakeSession, Recorder


def test_the_roles_are_created_and_named() -> None:
    """The phase says which roles the account gets."""
    session, progress = FakeSession(), Recorder()
    session.iam.roles.clear()
    env = environment()
    lease = new_lease(env, session.as_session, "deploy")
    context = Context(env=env, session=session.as_session, progress=progress, lease=lease)
    role = ROLES["AWS::ECS::Cluster"]
    CreateServiceLinkedRoles(reason="none", roles=(role,)).execute(context, Facts(report=TeardownReport("demo")))
    assert (session.iam.created, progress.phases) == ([role.service], ["roles"])


def test_a_role_that_iam_does_not_show_yet_is_waited_for() -> None:
    """Until it has arrived, ECS cannot assume it, and the cluster would fail."""
    session = FakeSession()
    session.iam.roles.clear()
    session.iam.late = 2
    env, progress = environment(), Recorder()
    lease = new_lease(env, session.as_session, "deploy")
    context = Context(env=env, session=session.as_session, progress=progress, lease=lease)
    role = ROLES["AWS::ECS::Cluster"]
    CreateServiceLinkedRoles(reason="none", roles=(role,)).execute(context, Facts(report=TeardownReport("demo")))
    assert session.iam.late == 0
    assert session.iam.has_role(role.name)
