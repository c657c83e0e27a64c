"""The options of each release are those that the release lists itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.images.airflow_virtualenv import build_airflow
from cli.airflow_releases.new_release import option_list_of
from cli.terminal.cache_dir import cache_root
from spec.releases.airflow_options import Config  # noqa: TC001  # the annotation of a local name
from spec.releases.option_list import FILE, doubtful_options, option_list
from spec.releases.table import KNOWN, RELEASES, Release
from tests.releases_in_ci import EVERY_RELEASE
from tests.spec.minimal import minimal

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("version", RELEASES)
def test_every_release_has_its_list(version: str) -> None:
    """With defaults, and what Airflow itself never shows."""
    known = option_list(version)
    assert known.options["core"]["parallelism"] == "32"
    assert known.is_sensitive("core", "fernet_key")
    assert known.is_sensitive("core", "fernet_key_cmd")
    assert not known.is_sensitive("core", "parallelism")
    assert known.current_name("core", "parallelism") == ("core", "parallelism")


@pytest.mark.parametrize(
    ("version", "section", "key", "sentence"),
    [
        ("2.5.3", "core", "paralelism", "has no option core.paralelism. Did you mean core.parallelism?"),
        ("2.5.3", "kore", "parallelism", "has no option kore.parallelism. Did you mean core.parallelism?"),
        ("2.5.3", "zzz", "qqq", "has no option zzz.qqq."),
        (
            "3.3.2",
            "scheduler",
            "dag_dir_list_interval",
            "calls the option scheduler.dag_dir_list_interval dag_processor.refresh_interval.",
        ),
    ],
)
def test_a_doubtful_option_is_told(version: str, section: str, key: str, sentence: str) -> None:
    """With what was probably meant, or the name it has now."""
    assert list(doubtful_options(version, {section: {key: 1}})) == [f"Airflow {version} {sentence}"]


def test_options_that_the_release_has_are_not_told() -> None:
    """Neither those under their name, nor a secret by a command."""
    config: Config = {
        "core": {"parallelism": 4},
        "smtp": {"smtp_host": "h"},
        "database": {"sql_alchemy_conn_cmd": "x"},
    }
    assert list(doubtful_options("2.5.3", config)) == []
    assert list(doubtful_options("2.5.3", {})) == []


@pytest.mark.airflow
@pytest.mark.parametrize("release", EVERY_RELEASE)
def test_the_list_is_what_the_release_says(
    release: Release, golden: Callable[[Path, str], None], tmp_path: Path
) -> None:
    """Of its core and of the providers in its lock; --regold writes it."""
    env = minimal('version: 2.5.3, python: "3.10"', f'version: {release.version}, python: "{release.python}"')
    venv = build_airflow(env, ROOT, cache_root({"HOME": str(Path.home())}) / "environments")
    golden(KNOWN / FILE.format(version=release.version), option_list_of(venv, tmp_path))


def test_an_option_has_the_value_of_the_user_or_of_the_release() -> None:
    """Both as Airflow would read them; one without a default is empty."""
    known = option_list("3.3.2")
    assert known.value({}, "database", "sql_alchemy_pool_size") == "5"
    assert known.value({"database": {"sql_alchemy_pool_size": 9}}, "database", "sql_alchemy_pool_size") == "9"
    assert known.value({}, "core", "no_such_option") == ""


@pytest.mark.parametrize("version", [*RELEASES])
def test_every_release_has_the_options_that_decide_on_connections(version: str) -> None:
    """Windsock adds up what Airflow may open."""
    known, web = option_list(version), RELEASES[version].web
    assert known.value({}, *web.workers).isdigit()
    assert all(known.value({}, "database", f"sql_alchemy_{end}").isdigit() for end in ("pool_size", "max_overflow"))
