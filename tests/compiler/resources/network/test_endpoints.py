"""Promises of endpoints: one for each service that tasks call, in every zone, and for this account alone."""

from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.permission import Permission
from compiler.model.yaml_reader import read_template
from compiler.resources.network.endpoints import services_of
from compiler.resources.schedules import SCHEDULE
from tests.spec.minimal import ECS, PYTHON, minimal

ALWAYS = ["ecr.api", "ecr.dkr", "logs", "s3", "secretsmanager", "ssmmessages"]
LOCAL_ACCOUNT = {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}


def _endpoints(keys: str = "", airflow: str = PYTHON) -> dict[str, dict[str, Any]]:
    """Return the properties of the endpoints of tasks, by the names of their services."""
    text = f"{airflow}}}\nnetwork: {{mode: endpoints, {keys}"
    env = minimal(f"{PYTHON}}}\nnetwork: {{", text)
    resources = read_template(compile_environment(env).files["egress.yaml"])["Resources"].values()
    found = (one["Properties"] for one in resources if one["Type"] == "AWS::EC2::VPCEndpoint")
    return {one["ServiceName"]["Fn::Sub"].partition("${AWS::Region}.")[2]: one for one in found}


@pytest.mark.parametrize(
    ("keys", "airflow", "more"),
    [
        ("", PYTHON, []),
        ("", ECS, ["ecs"]),
        ("", f"{PYTHON}, secrets: {{TOKEN: {{parameter: /data/token}}}}", ["ssm"]),
        ("services: [sqs, s3, logs], ", PYTHON, ["sqs"]),
        ("services: [dynamodb], ", PYTHON, ["dynamodb"]),
    ],
)
def test_each_service_has_one_endpoint(keys: str, airflow: str, more: list[str]) -> None:
    """What every environment calls, what this one calls besides, and what the YAML names for its DAGs."""
    assert sorted(_endpoints(keys, airflow)) == sorted([*ALWAYS, *more])


def test_an_endpoint_stands_in_every_zone_under_the_name_of_its_service() -> None:
    """Tasks need no other address for it, and those of a zone go on when another one fails."""
    endpoint = _endpoints("zones: 3, ")["secretsmanager"]
    assert endpoint["VpcEndpointType"] == "Interface"
    assert endpoint["SubnetIds"] == [{"Ref": f"PrivateSubnet{zone}"} for zone in "ABC"]
    assert endpoint["SecurityGroupIds"] == [{"Ref": "EndpointsSecurityGroup"}]
    assert endpoint["PrivateDnsEnabled"] is True


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
def test_a_gateway_endpoint_is_in_the_routes_of_tasks(service: str) -> None:
    """It costs nothing and has no address."""
    endpoint = _endpoints("services: [dynamodb], ")[service]
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["RouteTableIds"] == [{"Ref": f"PrivateRouteTable{zone}"} for zone in "AB"]
    assert "SubnetIds" not in endpoint


def test_only_this_account_gets_through() -> None:
    """Somebody else's keys bring nothing out; Amazon ECR keeps layers of images in a bucket of its own."""
    for service, endpoint in _endpoints().items():
        own, *layers = endpoint["PolicyDocument"]["Statement"]
        assert own["Condition"] == LOCAL_ACCOUNT
        assert bool(layers) == (service == "s3")
        for statement in layers:
            assert statement["Action"] == ["s3:GetObject"]
            assert "starport-layer-bucket/*" in str(statement["Resource"])


def test_calls_of_aws_for_an_environment_need_no_endpoint() -> None:
    """The scheduler of AWS starts the database, and no task does."""
    wanted = {"sid": "Some", "actions": ("ecs:RunTask", "sqs:*"), "resources": ("*",), "why": "a test"}
    assert list(services_of([Permission(source="scheduler", **wanted)])) == ["ecs"]  # type: ignore[arg-type]  # of a dict
    assert list(services_of([Permission(source=SCHEDULE, **wanted)])) == []  # type: ignore[arg-type]  # of a dict
