"""Promises of the engines: every one has what a container of it needs, and no version points elsewhere."""

import pytest

from spec.releases.engines import ENGINES, Engine
from spec.releases.table import RELEASES


@pytest.fixture(params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine in turn."""
    return next(facts for name, facts in ENGINES.items() if name == request.param)


def test_an_image_comes_from_a_registry_without_login() -> None:
    """The official image of a version, from the public registry of AWS."""
    assert ENGINES["postgres"].reference("16") == "public.ecr.aws/docker/library/postgres:16"
    assert ENGINES["mysql"].reference("8.0") == "public.ecr.aws/docker/library/mysql:8.0"


def test_an_address_takes_five_parts(engine: Engine) -> None:
    """User, password, host, port and database, by a driver that is named in it."""
    assert engine.url.count("%s") == 5
    assert f"+{engine.driver}://" in engine.url


def test_a_server_takes_its_password_from_a_secret(engine: Engine) -> None:
    """No password is a plain variable; the image makes up none, since it would print it."""
    assert {"username", "password"} == set(engine.secrets.values())
    assert not [name for name in engine.variables if "PASSWORD" in name]


def test_all_state_is_below_one_directory(engine: Engine) -> None:
    """That directory outlives the task; the server's own is inside it, because the server needs an empty one."""
    words = (*engine.variables.values(), *(word.partition("=")[2] for word in engine.arguments))
    assert [word for word in words if word.startswith(f"{engine.data}/")]


def test_mysql_has_the_options_that_airflow_requires() -> None:
    """It stores text of all scripts, and its time stamps do not change by themselves."""
    arguments = ENGINES["mysql"].arguments
    assert "--character-set-server=utf8mb4" in arguments
    assert "--collation-server=utf8mb4_unicode_ci" in arguments
    assert "--explicit-defaults-for-timestamp=ON" in arguments
    assert ENGINES["mysql"].url_options == ("charset=utf8mb4",)


def test_every_release_names_the_versions_it_was_tested_with() -> None:
    """The release table has versions of each engine in every release, and none twice."""
    for release in RELEASES.values():
        assert set(release.databases) == set(ENGINES)
        assert all(release.databases.values())
        for versions in release.databases.values():
            assert len(versions) == len(set(versions))
