"""How code is delivered follows from the YAML; the address of a commit must have a place for it."""

import pytest

from tests.spec.minimal import PYTHON, minimal, refused


def test_the_yaml_decides() -> None:
    """With defaults for what is kept."""
    env = minimal(more="code: {delivery: efs, keep: 3}\n")
    assert (env.code_delivery, env.code.keep, env.code.keep_days) == ("efs", 3, 90)


def test_releases_are_the_default_where_they_can_be() -> None:
    """Airflow 3 has them, but for an environment that deletes itself; the notes' cluster keeps its file system."""
    newest = (f"version: 2.5.3, {PYTHON}", 'version: 3.3.2, python: "3.12"')
    three = minimal(*newest)
    assert (three.code_delivery, three.remote_logs) == ("release", "cloudwatch")
    assert (minimal().code_delivery, minimal().remote_logs) == ("efs", "none")
    expiring = minimal(*newest, more="ttl: 3d\n")
    assert (expiring.code_delivery, expiring.remote_logs) == ("efs", "none")


@pytest.mark.parametrize(
    "address", ["https://example.com/commit/", "http://example.com/{commit}", "https://example.com/{commit}/{version}"]
)
def test_an_address_without_a_place_for_the_commit_is_refused(address: str) -> None:
    """Airflow would fill another placeholder with something else."""
    assert "{commit}" in refused(more=f"code: {{commit_url: '{address}'}}\n").hint


ROLE, USER = "arn:aws:iam::123456789012:role/teams/ci", "arn:aws-us-gov:iam::123456789012:user/ann@example.com"


def test_roles_and_users_of_the_account_may_be_pushers() -> None:
    """With their paths; without the key there are none."""
    assert minimal(more=f"code: {{pushers: ['{ROLE}', '{USER}']}}\n").code.pushers == (ROLE, USER)
    assert minimal().code.pushers == ()


@pytest.mark.parametrize(
    ("arn", "hint"),
    [
        ("arn:aws:sts::123456789012:assumed-role/ci/ann", "arn:aws:iam::123456789012:role/ci"),
        ("arn:aws:iam::123456789012:root", "each role or user"),
        ("arn:aws:iam::123456789012:role/*", "without stars"),
        ("arn:aws:iam::123456789012:role/ci/", "each role or user"),
        ("123456789012", "each role or user"),
        ("arn:aws:iam::999999999999:role/ci", "of account 123456789012"),
    ],
)
def test_what_is_no_role_or_user_of_the_account_is_refused(arn: str, hint: str) -> None:
    """At its place in the list, with what would be right."""
    fault = refused(more=f"code:\n  pushers:\n    - {ROLE}\n    - {arn!r}\n")
    assert hint in fault.hint
    assert (fault.line, fault.column) == (8, 7)


@pytest.mark.parametrize("pushers", ["[]", f"['{ROLE}', '{ROLE}']", str([f"{ROLE}{number}" for number in range(21)])])
def test_a_list_that_is_empty_too_long_or_names_one_twice_is_refused(pushers: str) -> None:
    """An empty one would leave nobody who may push."""
    assert refused(more=f"code: {{pushers: {pushers}}}\n").line == 5
