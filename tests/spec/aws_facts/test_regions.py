"""Regions of every partition: what is known of each, and which ones are no guess for another."""

import pytest

from spec.aws_facts.regions import LOG_ACCOUNTS, REGIONS, WITHOUT_AUTHORITY, dns_suffix, partition_of
from tests.spec.minimal import minimal, refused

REGION, VERIFIED = "us-west-2", "database: {tls: verify}\n"


def test_a_region_has_the_partition_of_its_arns_and_the_end_of_its_names() -> None:
    """As botocore has them."""
    assert (partition_of("mx-central-1"), dns_suffix("mx-central-1")) == ("aws", "amazonaws.com")
    assert (partition_of("us-gov-west-1"), dns_suffix("us-gov-west-1")) == ("aws-us-gov", "amazonaws.com")
    assert (partition_of("cn-north-1"), dns_suffix("cn-north-1")) == ("aws-cn", "amazonaws.com.cn")
    assert {region for region in REGIONS if partition_of(region) != "aws"} == LOG_ACCOUNTS.keys()


@pytest.mark.parametrize("region", sorted(WITHOUT_AUTHORITY))
def test_a_region_without_an_authority_takes_an_instance_without_a_look_at_its_certificate(region: str) -> None:
    """Only if the YAML says so: Airflow could not start otherwise. A container needs none of RDS."""
    fault = refused(REGION, region, more=VERIFIED)
    assert (fault.path, fault.line) == ("database.tls", 5)
    assert "choose tls: require" in fault.hint
    assert minimal(REGION, region, more="database: {tls: require}\n").aws.region == region


@pytest.mark.parametrize(
    ("written", "guess"),
    [
        ("us-gov-west-2", "us-gov-west-1"),
        ("mx-centrall-1", "mx-central-1"),
        ("us-iso-east-1", ""),
        ("eusc-de-east-1", ""),
    ],
)
def test_a_guess_is_a_region_that_somebody_meant(written: str, guess: str) -> None:
    """A region of another partition that AWS has is no misspelt one of ours."""
    hint = refused(REGION, written).hint
    assert hint.startswith(f"did you mean {guess}?" if guess else "valid: ")


def test_an_arn_of_another_partition_is_refused() -> None:
    """With what would be right there."""
    boundary = "permissions_boundary: arn:aws:iam::123456789012:policy/team, region: us-west-2"
    keys = f"region: us-gov-west-1, {boundary.partition(', region')[0]}"
    fault = refused("region: us-west-2", keys, more="database: {tls: require}\n")
    assert fault.hint == "such as arn:aws-us-gov:iam::123456789012:policy/boundary"
