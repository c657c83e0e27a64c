"""The promises of deployer/account/service_linked_roles.py, on the AWS in memory."""

from dataclasses import replace

from deployer.account.service_linked_roles import ROLES, create_roles, missing_roles
from tests.deployer.fakes.environment import template_set
from tests.deployer.fakes.session import FakeSession

CLUSTER = "Resources: {Cluster: {Type: AWS::ECS::Cluster}, Topic: {Type: AWS::SNS::Topic}}"


def test_a_new_account_lacks_the_roles_of_its_resources() -> None:
    """Of those that the templates contain, and of no other; afterwards it lacks none."""
    session = FakeSession()
    session.iam.roles.clear()
    some = template_set()
    templates = replace(some, files={**some.files, f"{some.nested[0]}.yaml": CLUSTER})
    found = missing_roles(session.as_session, templates)
    assert ROLES["AWS::ECS::Cluster"] in found
    create_roles(session.as_session, found)
    assert session.iam.created == [role.service for role in found]
    assert missing_roles(session.as_session, templates) == ()
