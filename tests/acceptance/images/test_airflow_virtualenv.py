"""The virtual environment that stands for the image is made of what the image would be made of."""

import shutil
from pathlib import Path

import pytest

from acceptance.images.airflow_virtualenv import OFFICIAL, SOURCES, build_airflow
from deployer.release.build_secrets import BuildSecretRefusal
from deployer.release.requirements import RequirementsRefusal
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.virtualenvs import Virtualenv
from spec.environment import Environment
from spec.releases.table import RELEASES
from spec.sections.image import Image
from tests.deployer.fakes.environment import environment

ROOT = Path(__file__).parents[3]


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Virtualenv]:
    """Record what would be built, and build nothing."""
    wanted: list[Virtualenv] = []

    def build(virtualenv: Virtualenv) -> Path:
        wanted.append(virtualenv)
        return Path(virtualenv.name)

    monkeypatch.setattr(Virtualenv, "build", build)
    return wanted


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a project with Windsock's own folder of an image, of which a file is added to the requirements."""
    shutil.copytree(ROOT / "docker", tmp_path / "docker")
    with (tmp_path / "docker" / "requirements.txt").open("a") as file:
        file.write("-r team.txt\n")
    (tmp_path / "docker" / "team.txt").write_text("humanize\n")
    return tmp_path


def _env(**image: object) -> Environment:
    return environment().model_copy(update={"image": Image.model_validate(image)})


def test_every_package_that_a_release_needs_has_a_source() -> None:
    """The release table names packages that the official image brings; acceptance has a source for each."""
    needed = {name for release in RELEASES.values() for names in release.needs_packages.values() for name in names}
    assert needed == set(SOURCES)


def test_files_that_requirements_name_belong_to_it(checkout: Path, built: list[Virtualenv]) -> None:
    """So that a changed one gives another environment."""
    build_airflow(_env(), checkout, checkout / "cache")
    assert built[0].named == [checkout / "docker" / "team.txt"]


def test_a_requirement_against_the_pins_is_refused_before_the_solver_sees_it(
    checkout: Path, built: list[Virtualenv]
) -> None:
    """In one sentence, instead of the solver's many; a pin of the YAML then takes its place."""
    (checkout / "docker" / "team.txt").write_text("six>=1.17\n")
    with pytest.raises(RequirementsRefusal, match=r"six>=1\.17, and Airflow 2\.5\.3 is pinned to six 1\.16\.0"):
        build_airflow(_env(), checkout, checkout / "cache")
    build_airflow(_env(pins={"six": "1.17.0"}), checkout, checkout / "cache")
    constraints = built[0].constraints
    assert isinstance(constraints, Path)
    assert "six==1.17.0\n" in constraints.read_text()


def test_a_missing_build_secret_is_told(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rehearsal needs it as a build does."""
    monkeypatch.delenv("PIP_TOKEN", raising=False)
    with pytest.raises(BuildSecretRefusal, match="PIP_TOKEN"):
        build_airflow(_env(secrets=["PIP_TOKEN"]), checkout, checkout / "cache")


def test_a_solvers_conflict_names_the_pins_and_the_way_out_and_no_secret(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a package that another one asks for, only the solver knows."""
    monkeypatch.setenv("PIP_TOKEN", "s3cr3t")

    def fail(*_: object, **__: object) -> Path:
        raise RehearsalFailure(
            "No.", "Because acme==1 (from s3cr3t) depends on six>=9 and you require six==1.16.0", "?"
        )

    monkeypatch.setattr(Virtualenv, "build", fail)
    with pytest.raises(RehearsalFailure) as failure:
        build_airflow(_env(secrets=["PIP_TOKEN"]), checkout, checkout / "cache")
    assert "s3cr3t" not in str(failure.value)
    assert "pinned to six 1.16.0" in failure.value.next_step
    assert 'image: {pins: {six: "<version>"}}' in failure.value.next_step


@pytest.mark.parametrize(
    ("requirements", "added"),
    [
        ("humanize\n", [OFFICIAL]),
        ("apache-airflow[postgres]\nboto3\n", [OFFICIAL]),
        ("-c team.txt\n", [OFFICIAL]),
        ("apache-airflow[amazon]\n", [OFFICIAL]),
        ("apache-airflow[postgres,amazon,google_auth,fab]\n", []),
        ("apache-airflow[google_auth,fab,postgres]\napache_airflow_providers_amazon>=8\n", []),
    ],
)
def test_what_the_official_image_has_is_there_whatever_a_project_asks_for(
    checkout: Path, built: list[Virtualenv], requirements: str, added: list[Path]
) -> None:
    """Airflow itself, and what containers need to talk to AWS; who names it gets no other environment for that."""
    file = checkout / "docker" / "requirements.txt"
    (checkout / "docker" / "team.txt").write_text("apache-airflow-providers-amazon<99\n")
    file.write_text(requirements)
    build_airflow(_env(), checkout, checkout / "cache")
    assert built[0].requirements == [file, *added]
