"""How code is delivered follows from the YAML; the address of a commit must have a place for it."""

import pytest

from tests.spec.minimal import minimal, refused


def test_the_yaml_decides() -> None:
    """With defaults for what is kept."""
    env = minimal(more="code: {delivery: efs, keep: 3}\n")
    assert (env.code_delivery, env.code.keep, env.code.keep_days) == ("efs", 3, 90)


@pytest.mark.parametrize(
    "address", ["https://example.com/commit/", "http://example.com/{commit}", "https://example.com/{commit}/{version}"]
)
def test_an_address_without_a_place_for_the_commit_is_refused(address: str) -> None:
    """Airflow would fill another placeholder with something else."""
    assert "{commit}" in refused(more=f"code: {{commit_url: '{address}'}}\n").hint
