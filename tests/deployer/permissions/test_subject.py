"""What policies are about has all that IAM must know of it, and of what others own."""

from collections.abc import Iterable
from pathlib import Path

from compiler.compile import compile_network
from deployer.permissions.own_calls import Purpose
from deployer.permissions.policy import DOCUMENT_MAXIMUM, Document, cloudformation_policies, deployer_policies, size
from deployer.permissions.scopes import Scopes
from deployer.permissions.subject import Subject, of_network
from tests.deployer.permissions.subjects import subject_of
from tests.spec.networks import BALANCER, behind_shared, in_network, shared_network

ROLE = "arn:aws:iam::123456789012:role/cloudformation"
HERE = "us-west-2:123456789012"


def _network(folder: Path, old: str = "", new: str = "", *, more: str = BALANCER) -> Subject:
    network = shared_network(folder, old, new, more=more)
    return of_network(network, compile_network(network))


def test_a_network_is_known_by_its_stack_and_its_tag(tmp_path: Path) -> None:
    """It has no roles, no toolkit and no secrets, so its policies name none."""
    documents = deployer_policies(_network(tmp_path))
    assert max(map(size, documents)) <= DOCUMENT_MAXIMUM
    conditions = [one["Condition"] for one in _statements(documents) if one["Sid"].startswith("Own")]
    assert {"StringEquals": {"aws:ResourceTag/windsock:network": "team"}} in conditions
    text = str(documents)
    assert f"arn:aws:cloudformation:{HERE}:stack/team/*" in text
    for absent in ("windsock-toolkit", "windsock:environment", "iam:PassRole", "secretsmanager", "ecs:", "s3:"):
        assert absent not in text


def test_who_deploys_a_network_writes_its_records_alone(tmp_path: Path) -> None:
    """The one of all sites, and the proof for ACM; sites of others may lie in the same zone, and below the domain."""
    (scope,) = Scopes.of(_network(tmp_path)).of_action("route53:ChangeResourceRecordSets")
    ((_, tests),) = scope.conditions.items()
    ((_, names),) = tests.items()
    assert names == ["\\052.example.com", "_*.example.com"]


def test_a_network_without_a_load_balancer_needs_nothing_of_one(tmp_path: Path) -> None:
    """Neither its role nor certificates or records."""
    actions = _actions(deployer_policies(_network(tmp_path, more="")))
    assert not [one for one in actions if one.startswith(("iam:", "acm:", "route53:", "elasticloadbalancing:Create"))]
    assert "ec2:CreateVpc" in actions


def test_each_purpose_of_a_network_has_what_it_does(tmp_path: Path) -> None:
    """Nobody pushes to one; who looks changes nothing, and who takes it down makes nothing."""
    subject = _network(tmp_path)
    allowed = {purpose: _actions(deployer_policies(subject, {purpose})) for purpose in Purpose}
    assert allowed[Purpose.PUSH] == set()
    assert allowed[Purpose.WATCH] == {
        "cloudformation:DescribeStacks",
        "cloudformation:GetTemplate",
        "cloudformation:ListImports",
    }
    assert "ec2:DeleteVpc" in allowed[Purpose.TEARDOWN]
    assert not [one for one in allowed[Purpose.TEARDOWN] if "Create" in one and "Tags" not in one]
    assert allowed[Purpose.TEARDOWN] < allowed[Purpose.DEPLOY]


def test_who_deploys_a_network_cannot_delete_its_access_logs(tmp_path: Path) -> None:
    """But for what the load balancer has tried its bucket with, which keeps a creation from being repaired."""
    subject = _network(tmp_path, more=BALANCER.replace("]}", "], access_log_days: 90}"))
    every = _statements(deployer_policies(subject))
    objects = {arn for one in every if "s3:DeleteObject" in one["Action"] for arn in one["Resource"]}
    assert objects == {"arn:aws:s3:::team-*/*/ELBAccessLogTestFile"}
    assert not _actions(deployer_policies(subject)) & {"s3:GetObject", "s3:PutObject", "iam:PassRole"}


def test_a_role_of_cloudformation_makes_the_network(tmp_path: Path) -> None:
    """It fetches no templates: the one of a network is in the call."""
    subject = _network(tmp_path, "aws: {", f"aws: {{cloudformation_role: '{ROLE}', ")
    deployer, acting = _actions(deployer_policies(subject)), _actions(cloudformation_policies(subject))
    assert "ec2:CreateVpc" in acting - deployer
    assert "iam:PassRole" in deployer
    assert "s3:GetObject" not in acting


def test_an_environment_borrows_of_its_network_alone(tmp_path: Path) -> None:
    """VPC and subnets, and the listener where its site is behind it."""
    assert [scope.name for scope in subject_of(behind_shared(tmp_path)).lent["elasticloadbalancing"]] == [
        "UseLoadBalancer"
    ]
    shared_network(tmp_path)
    lent = subject_of(in_network(tmp_path)).lent
    assert ([scope.name for scope in lent["ec2"]], lent["elasticloadbalancing"]) == (["UseNetwork"], ())


def _statements(documents: Iterable[Document]) -> list[Document]:
    return [statement for document in documents for statement in document["Statement"]]


def _actions(documents: Iterable[Document]) -> set[str]:
    return {action for statement in _statements(documents) for action in statement["Action"]}
