"""The endpoints of an action, as AWS names them."""

import pytest

from spec.aws_facts.endpoints import endpoints_of, own_endpoints_of


@pytest.mark.parametrize(
    ("action", "endpoints"),
    [
        ("ecr:BatchGetImage", ("ecr.api", "ecr.dkr", "s3")),
        ("logs:*", ("logs",)),
        ("sqs:SendMessage", ("sqs",)),
        ("kinesis:PutRecord", ("kinesis-streams",)),
        ("elasticfilesystem:ClientMount", ()),
    ],
)
def test_an_action_has_its_endpoints(action: str, endpoints: tuple[str, ...]) -> None:
    """Images come by three; a mount needs none, since its target stands in the VPC."""
    assert endpoints_of(action) == endpoints


def test_only_services_that_windsock_calls_are_its_own() -> None:
    """Others are for the YAML to name."""
    assert own_endpoints_of("secretsmanager:GetSecretValue") == ("secretsmanager",)
    assert own_endpoints_of("sqs:SendMessage") == ()
