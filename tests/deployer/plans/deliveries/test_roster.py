"""The outputs of a deployed environment say how its code comes."""

from dataclasses import replace

from deployer.plans.deliveries import efs, files, release
from deployer.plans.deliveries.roster import DELIVERIES, deployed_delivery, release_delivery
from spec.sections.code import DELIVERIES as WORDS
from tests.deployer.fakes.environment import World, outputs_of


def test_a_task_that_copies_means_a_file_system() -> None:
    """Whatever the YAML says now."""
    outputs = outputs_of(World())
    assert deployed_delivery(outputs) is efs
    assert deployed_delivery(replace(outputs, code_access_point="")) is files
    assert deployed_delivery(replace(outputs, sync_task="", code_access_point="")) is release
    assert DELIVERIES.keys() == WORDS.keys()


def test_files_of_an_earlier_windsock_are_no_releases() -> None:
    """Nobody can go back there."""
    outputs = outputs_of(World())
    assert release_delivery(outputs) is efs
    assert release_delivery(replace(outputs, code_access_point="")) is None
