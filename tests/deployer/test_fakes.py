"""The AWS in memory offers nothing that the real clients lack."""

import inspect
from collections.abc import Mapping

import pytest

from deployer.aws.acm import Acm
from deployer.aws.cloudformation import CloudFormation
from deployer.aws.ec2 import Ec2
from deployer.aws.ecr import Ecr
from deployer.aws.ecs import Ecs
from deployer.aws.exec_sessions import ExecSessions
from deployer.aws.iam import Iam
from deployer.aws.kms import Kms
from deployer.aws.load_balancer import LoadBalancer
from deployer.aws.logs import Logs
from deployer.aws.parameters import Parameters
from deployer.aws.quotas import Quotas
from deployer.aws.rds import Rds
from deployer.aws.s3 import S3
from deployer.aws.scheduler import Scheduler
from deployer.aws.secrets_manager import SecretsManager
from deployer.aws.session import Session
from tests.deployer.fakes.cloudformation import FakeCloudFormation
from tests.deployer.fakes.ecs import FakeEcs
from tests.deployer.fakes.exec_sessions import FakeExecSessions
from tests.deployer.fakes.session import (
    FakeAcm,
    FakeEc2,
    FakeEcr,
    FakeIam,
    FakeKms,
    FakeLoadBalancer,
    FakeLogs,
    FakeParameters,
    FakeQuotas,
    FakeRds,
    FakeS3,
    FakeScheduler,
    FakeSecrets,
    FakeSession,
)

Signature = Mapping[str, inspect.Parameter]

PAIRS: tuple[tuple[type, type], ...] = (
    (FakeCloudFormation, CloudFormation),
    (FakeAcm, Acm),
    (FakeKms, Kms),
    (FakeEc2, Ec2),
    (FakeEcr, Ecr),
    (FakeEcs, Ecs),
    (FakeExecSessions, ExecSessions),
    (FakeIam, Iam),
    (FakeLoadBalancer, LoadBalancer),
    (FakeLogs, Logs),
    (FakeQuotas, Quotas),
    (FakeRds, Rds),
    (FakeParameters, Parameters),
    (FakeS3, S3),
    (FakeScheduler, Scheduler),
    (FakeSecrets, SecretsManager),
)


def _own(fake: type) -> set[str]:
    """Return what tests set on a fake, or call on it to place a stack."""
    return {*getattr(fake, "__dataclass_fields__", ()), *({"put", "tell"} if fake is FakeCloudFormation else ())}


CALLS = [
    (fake, real, name)
    for fake, real in PAIRS
    for name, found in vars(fake).items()
    if inspect.isfunction(found) and not name.startswith("_") and name not in _own(fake)
]


@pytest.mark.parametrize(("fake", "real", "name"), CALLS, ids=lambda value: getattr(value, "__name__", value))
def test_a_fake_is_called_as_the_real_client_is(fake: type, real: type, name: str) -> None:
    """Same method, as many places, each keyword one that the real client knows, and none that it must have left out."""
    ours, theirs = (inspect.signature(getattr(kind, name)).parameters for kind in (fake, real))
    assert _places(ours) == _places(theirs)
    assert _keywords(ours) <= _keywords(theirs)
    assert _takes_any(ours) or _required(theirs) <= _keywords(ours)


def test_the_session_has_the_same_clients() -> None:
    """Whatever the session in memory offers, the real one offers under that name."""
    offered = set(FakeSession.__dataclass_fields__) - {"time"}
    assert offered <= {*dir(Session), *Session.__dataclass_fields__}


def _places(parameters: Signature) -> int:
    return sum(one.kind is one.POSITIONAL_OR_KEYWORD for one in parameters.values())


def _keywords(parameters: Signature) -> set[str]:
    return {one.name for one in parameters.values() if one.kind is one.KEYWORD_ONLY}


def _required(parameters: Signature) -> set[str]:
    return {name for name in _keywords(parameters) if parameters[name].default is inspect.Parameter.empty}


def _takes_any(parameters: Signature) -> bool:
    return any(one.kind is one.VAR_KEYWORD for one in parameters.values())
