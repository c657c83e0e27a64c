"""`windsock policy`: what IAM must allow, without asking AWS."""

import json
from pathlib import Path

from tests.cli.shell import Windsock

ROLE = "arn:aws:iam::123456789012:role/cloudformation"
EXAMPLE = (Path(__file__).parents[3] / "env.example.yaml").read_text()


def test_each_policy_says_its_size_and_whom_it_is_for(windsock: Windsock) -> None:
    """The document stands below, ready to be pasted."""
    ran = windsock("policy", "env.yaml")
    assert ran.code == 0
    head, _, document = ran.out.partition("\n")
    assert head.startswith("# demo-deployer-1: ")
    assert json.loads(document.partition("\n\n#")[0])["Version"] == "2012-10-17"
    assert "6144 characters" in ran.err


def test_the_json_has_every_document(windsock: Windsock) -> None:
    """For programs."""
    read = json.loads(windsock("policy", "env.yaml", "--json").out)
    assert [policy["name"] for policy in read] == [f"demo-deployer-{number}" for number in range(1, 5)]


def test_each_policy_is_written_to_a_file(windsock: Windsock, checkout: Path) -> None:
    """As `aws iam create-policy` takes it; with a role for CloudFormation its trust too."""
    (checkout / "env.yaml").write_text(EXAMPLE.replace("  tags:", f"  cloudformation_role: {ROLE}\n  tags:"))
    ran = windsock("policy", "env.yaml", "--output", "policies")
    written = sorted(path.name for path in (checkout / "policies").iterdir())
    assert "demo-cloudformation-trust.json" in written
    assert "demo-deployer-1.json" in written
    assert f"{len(written)} files are in policies." in ran.err
    assert all(json.loads((checkout / "policies" / name).read_text())["Statement"] for name in written)


def test_only_what_a_purpose_needs_is_printed(windsock: Windsock) -> None:
    """A CI that only pushes code gets no more."""
    (policy,) = json.loads(windsock("policy", "env.yaml", "--for", "push", "--json").out)
    assert "ec2:CreateVpc" not in json.dumps(policy)


def test_an_unknown_purpose_is_refused(windsock: Windsock) -> None:
    """The valid ones are named."""
    ran = windsock("policy", "env.yaml", "--for", "look")
    assert ran.code == 2
    assert "teardown" in ran.err


def test_one_role_can_deploy_every_branch(windsock: Windsock) -> None:
    """Their names begin alike; the environment of the YAML itself is not among them."""
    text = windsock("policy", "env.yaml", "--all-branches", "--json").out
    assert '"aws:ResourceTag/windsock:environment": "demo-*"' in text
    assert "StringLike" in text
    assert "stack/demo-*-Network-*/*" in text
    assert "stack/demo/*" not in text
