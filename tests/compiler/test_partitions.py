"""Environments compile for every region of every partition, and name nothing of another partition."""

import json
import re

import pytest

from compiler.compile import compile_environment
from deployer.permissions.policy import deployer_policies
from deployer.permissions.subject import of_environment
from deployer.stacks.upload_templates import locate_templates
from spec.aws_facts.regions import REGIONS, dns_suffix, partition_of
from tests.spec.minimal import TEXT, minimal

LINE = "network: {allowed_cidrs: [203.0.113.0/24]}"
MORE = "database: {tls: require}\nlogs: {access: true, remote: s3}\nencryption: {key: create}\n"
ARN = re.compile(r"arn:([a-z${}:A-Z-]+?):(?=[a-z0-9-]+:)")


EACH = ("cn-north-1", "mx-central-1", "us-gov-west-1")
OTHERS = tuple(pytest.param(region, marks=pytest.mark.endurance) for region in REGIONS if region not in EACH)


@pytest.mark.parametrize("region", [*EACH, *OTHERS])
def test_each_region_compiles_and_names_its_own_partition_alone(region: str) -> None:
    """Templates leave it to CloudFormation; policies and addresses say it."""
    env = minimal("us-west-2", region, more=MORE)
    templates = compile_environment(env)
    assert {*ARN.findall("".join(templates.files.values()))} == {"${AWS::Partition}"}
    policies = deployer_policies(of_environment(env, templates))
    assert {*ARN.findall(json.dumps(policies))} == {partition_of(region)}
    assert f".{dns_suffix(region)}/" in locate_templates(region, "bucket", templates, expiring=False).root_url


@pytest.mark.parametrize(("region", "name"), [("cn-north-1", "cn.com.amazonaws."), ("us-gov-west-1", "com.amazonaws.")])
def test_endpoints_have_the_names_that_they_have_there(region: str, name: str) -> None:
    """Those of images begin otherwise in China, and those of logs do not."""
    assert LINE in TEXT
    more = LINE.replace("{allowed", "{mode: endpoints, allowed")
    env = minimal("us-west-2", region, more=MORE)
    env = env.model_copy(update={"network": minimal(LINE, more).network})
    text = compile_environment(env).files["egress.yaml"]
    assert f"ServiceName: !Sub {name}${{AWS::Region}}.ecr.api" in text
    assert "ServiceName: !Sub com.amazonaws.${AWS::Region}.logs" in text


def test_load_balancers_write_their_logs_with_the_account_that_they_have_there() -> None:
    """The service has no principal of its own in GovCloud and China."""
    for region in ("us-gov-west-1", "us-west-2"):
        storage = compile_environment(minimal("us-west-2", region, more=MORE)).files["storage.yaml"]
        assert ("iam::048591011584:root" in storage) == (region != "us-west-2")
        assert ("logdelivery.elasticloadbalancing.amazonaws.com" in storage) == (region == "us-west-2")
