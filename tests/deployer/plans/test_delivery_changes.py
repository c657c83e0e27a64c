"""A default that is new changes nothing that is deployed."""

from dataclasses import replace

import pytest

from deployer.plans.delivery_changes import DeliveryRefusal, refuse_unsaid_change
from tests.deployer.fakes.environment import World, environment, outputs_of

THREE = {'version: 2.5.3, python: "3.10"': 'version: 3.3.2, python: "3.12"'}
EFS = outputs_of(World())
RELEASES = replace(EFS, sync_task="", code_access_point="")


def test_a_file_system_stays_until_the_yaml_gives_it_up() -> None:
    """The refusal has the line that keeps it, and the one that does not."""
    with pytest.raises(DeliveryRefusal, match=r"deployed with code\.delivery: efs") as caught:
        refuse_unsaid_change(environment(**THREE), EFS)
    assert "`code: {delivery: efs}`" in str(caught.value.next_step)
    assert "`code: {delivery: release}`" in str(caught.value.next_step)


@pytest.mark.parametrize("word", ["efs", "release"])
def test_a_yaml_that_names_its_delivery_is_obeyed(word: str) -> None:
    """What would be lost with it is for the replacement guard to ask."""
    env = environment(**THREE, network=f"code: {{delivery: {word}}}\nnetwork")
    refuse_unsaid_change(env, EFS)
    refuse_unsaid_change(env, RELEASES)


def test_what_is_deployed_as_by_default_or_not_at_all_is_no_matter() -> None:
    """Nothing changes there."""
    refuse_unsaid_change(environment(**THREE), RELEASES)
    refuse_unsaid_change(environment(), EFS)
    refuse_unsaid_change(environment(**THREE), None)


def test_releases_stay_where_a_ttl_would_bring_a_file_system() -> None:
    """The default follows the YAML, and what is deployed does not."""
    with pytest.raises(DeliveryRefusal, match=r"deployed with code\.delivery: release"):
        refuse_unsaid_change(environment(**THREE, network="ttl: 3d\nnetwork"), RELEASES)
