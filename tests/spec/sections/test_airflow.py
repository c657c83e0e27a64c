"""Which Airflow, and what of its configuration is the user's."""

import json

import pytest

from spec.releases.owned_options import OWNED_OPTIONS
from spec.releases.table import RELEASES, Release
from tests.spec.minimal import minimal, refused


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_every_release_runs_on_each_of_its_pythons(release: Release) -> None:
    """Each release of the table runs on each of its Pythons."""
    for python in release.pythons:
        airflow = minimal('version: 2.5.3, python: "3.10"', f'version: {release.version}, python: "{python}"').airflow
        assert airflow.release is release


def test_an_unknown_release_is_answered_with_the_valid_ones() -> None:
    """A release that is not in the table is answered with those that are."""
    assert "2.11.2" in refused("version: 2.5.3", "version: 2.6.0").hint


def test_a_python_without_quotes_is_refused() -> None:
    """3.10 without quotes is a number, and 3.1 is not what was meant."""
    fault = refused('"3.10"', "3.10")
    assert (fault.text, fault.hint) == ("3.10", 'put it in quotes: "3.10"')


@pytest.mark.parametrize(
    ("section", "key"), [(section, key) for section, keys in OWNED_OPTIONS.items() for key in keys]
)
def test_options_that_windsock_sets_are_refused(section: str, key: str) -> None:
    """Options that Windsock sets itself are a fault at their key."""
    fault = refused('python: "3.10"', f'python: "3.10", config: {{{section}: {{{key}: x}}}}')
    assert fault.path == f"airflow.config.{section}.{key}"
    assert fault.hint == "remove it"


def test_other_options_are_taken_unchanged() -> None:
    """Text, numbers and booleans are taken as they are."""
    config = minimal('python: "3.10"', 'python: "3.10", config: {core: {a: 1, b: true, c: 1.5, d: x}}').airflow.config
    assert config == {"core": {"a": 1, "b": True, "c": 1.5, "d": "x"}}


@pytest.mark.parametrize("folder", [".", "../x", "a/b"])
def test_a_home_is_relative_to_its_yaml(folder: str) -> None:
    """It may be the folder of the YAML itself, below it, or beside it."""
    assert minimal('python: "3.10"', f'python: "3.10", home: {folder}').airflow.home == folder


@pytest.mark.parametrize("folder", ["/etc", "''"])
def test_a_home_of_one_machine_alone_is_refused(folder: str) -> None:
    """A colleague has another root."""
    assert refused('python: "3.10"', f'python: "3.10", home: {folder}').path == "airflow.home"


@pytest.mark.parametrize("letter", ["\\", '"', "é"])
def test_options_count_as_many_bytes_as_ecs_gets(letter: str) -> None:
    """Quotes, backslashes and letters beyond ASCII are longer in JSON than their characters."""
    options = ", ".join(f"key{index}: {json.dumps(letter * 80)}" for index in range(260))
    fault = refused('python: "3.10"', f'python: "3.10", config: {{core: {{{options}}}}}')
    assert fault.path == "airflow.config"
    assert "49,152 fit" in fault.message


def test_options_that_no_task_definition_holds_are_refused() -> None:
    """ECS takes 64 KiB for a whole task definition, and refuses more only when it is registered."""
    options = ", ".join(f'key{index}: "{"x" * 90}"' for index in range(400))
    fault = refused('python: "3.10"', f'python: "3.10", config: {{core: {{{options}}}}}')
    assert fault.path == "airflow.config"
    assert "32,768 fit" in fault.message


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://tools.example.com/airflow", "tools.example.com"),
        ("http://Tools.example.com:8080", "tools.example.com"),
        ("http://localhost:8080", ""),
    ],
)
def test_the_host_of_the_site_is_that_of_its_base_url(url: str, host: str) -> None:
    """As far as it is a name of DNS, by which a visitor can come."""
    release = 'version: 2.5.3, python: "3.10"'
    env = minimal(release, f"{release}, config: {{webserver: {{base_url: '{url}'}}}}")
    assert env.airflow.base_host == host
    assert minimal().airflow.base_host == ""
