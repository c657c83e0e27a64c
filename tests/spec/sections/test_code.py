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
