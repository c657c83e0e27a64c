"""What goes with a newer release is what the templates of the older one lack, and nothing else."""

import pytest

from compiler.compile import compile_environment
from deployer.losses.newer_release import only_of_newer
from deployer.stacks.replacement_guard import nested_files, template_losses
from spec.environment import Environment
from spec.releases.upgrades import road
from tests.deployer.fakes.environment import environment

PYTHONS = {"2.5.3": "3.10", "2.11.2": "3.12", "3.3.2": "3.12"}


def _environment(version: str) -> Environment:
    efs = {"name:": "code: {delivery: efs}\nname:"}
    return environment(**{**efs, "2.5.3": version, '"3.10"': f'"{PYTHONS[version]}"'})


@pytest.mark.parametrize(("newer", "older"), [("3.3.2", "2.11.2"), ("3.3.2", "2.5.3"), ("2.11.2", "2.5.3")])
def test_it_is_what_the_templates_of_the_older_release_lack(newer: str, older: str) -> None:
    """The real templates of both, compared as a deploy compares them."""
    before, after = (compile_environment(_environment(version)) for version in (newer, older))
    lost = {loss.path for loss in template_losses(nested_files(before), after)}
    assert only_of_newer(_environment(older), road(newer, older)) == lost


def test_an_upgrade_takes_nothing() -> None:
    """Neither does a deploy of the release that is there."""
    env = _environment("3.3.2")
    assert only_of_newer(env, road("2.11.2", "3.3.2")) == only_of_newer(env, ()) == frozenset()
