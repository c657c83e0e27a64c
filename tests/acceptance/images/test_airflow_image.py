"""The user's Dockerfile is built where it says more than requirements, or what is left out of it is told."""

import shutil
from pathlib import Path

import pytest

from acceptance.images import airflow_image
from acceptance.images.airflow_image import AirflowImage, make_airflow_image
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.base_image import BaseImage
from rehearsal.images.built_image import BuiltImage
from rehearsal.images.container_builder import Build, Builder, Configuration
from rehearsal.images.virtualenvs import Virtualenv
from tests.deployer.fakes.environment import environment

ROOT = Path(__file__).parents[3]
OWN = "ENV STAGE=prod PYTHONPATH=/opt/acme\nCOPY dbt /opt/dbt\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project with Windsock's own folder of an image."""
    shutil.copytree(ROOT / "docker", tmp_path / "docker")
    return tmp_path


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[Build]:
    """Record what would be built, and build nothing."""
    done: list[Build] = []

    def build_image(_builder: Builder, build: Build, *, name: str, cache: Path) -> BuiltImage:
        done.append(build)
        return BuiltImage(cache / name, Configuration(variables={"STAGE": "prod", "PYTHONPATH": "/opt/acme"}))

    def make_base(_builder: Builder, base: BaseImage) -> str:
        return f"localhost/{base.virtualenv.name}"

    monkeypatch.setattr(Virtualenv, "build", lambda self: Path(f"/cache/{self.name}-abc"))
    monkeypatch.setattr(airflow_image, "build_image", build_image)
    monkeypatch.setattr(airflow_image, "make_base", make_base)
    return done


def _made(project: Path, *, tools: bool = True) -> AirflowImage:
    builder = Builder("buildah", project / "store")
    return make_airflow_image(environment(), project, project / "cache", lambda _: builder if tools else None)


def _say_more(project: Path) -> None:
    (project / "docker" / "dbt").mkdir()
    with (project / "docker" / "Dockerfile").open("a") as file:
        file.write(OWN)


def test_requirements_alone_cost_no_build(project: Path, builds: list[Build]) -> None:
    """A virtual environment has them."""
    made = _made(project)
    assert (made.built, made.told, builds) == (None, (), [])
    assert made.name == "airflow-2.5.3-python3.10-abc"
    assert made.variables["PYTHONPATH"] == "/opt/windsock:/opt/airflow"


def test_a_dockerfile_that_says_more_is_built(project: Path, builds: list[Build]) -> None:
    """On a local image of the release; Windsock's own folders come first on the path of Python."""
    _say_more(project)
    made = _made(project)
    assert made.built
    assert made.name.startswith("built-airflow-2.5.3-python3.10-")
    assert "BASE_IMG=localhost/airflow-2.5.3-python3.10-base-abc" in builds[0].arguments
    assert made.variables == {"STAGE": "prod", "PYTHONPATH": "/opt/windsock:/opt/airflow:/opt/acme"}


@pytest.mark.parametrize("file", ["dbt/models.sql", "packages.txt", "Dockerfile", "requirements.txt"])
def test_a_changed_file_gives_another_image(project: Path, builds: list[Build], file: str) -> None:
    """Whatever the build sees."""
    _say_more(project)
    before = _made(project).name
    with (project / "docker" / file).open("a") as text:
        text.write("\n# changed\n")
    assert _made(project).name != before
    assert len(builds) == 2


def test_debian_packages_are_built_too(project: Path, builds: list[Build]) -> None:
    """Nothing else brings them."""
    (project / "docker" / "packages.txt").write_text("jq # for reports\n")
    assert _made(project).built
    assert builds


def test_an_official_image_by_name_has_the_local_one_in_its_place(project: Path, builds: list[Build]) -> None:
    """Nothing is downloaded for it."""
    (project / "docker" / "Dockerfile").write_text(f"FROM apache/airflow:2.5.3-python3.10\n{OWN}")
    (project / "docker" / "dbt").mkdir()
    _made(project)
    assert builds[0].stands_for == {"apache/airflow:2.5.3-python3.10": "localhost/airflow-2.5.3-python3.10-base-abc"}


def test_without_a_builder_one_line_says_what_is_left_out(project: Path, builds: list[Build]) -> None:
    """Variables take effect all the same."""
    _say_more(project)
    made = _made(project, tools=False)
    assert (made.built, builds) == (None, [])
    (told,) = made.told
    assert "lacks buildah or podman, and mmdebstrap" in told
    assert "COPY dbt /opt/dbt" in told
    assert made.variables["STAGE"] == "prod"
    assert made.variables["PYTHONPATH"] == "/opt/windsock:/opt/airflow:/opt/acme"


def test_without_a_base_image_one_line_says_why(
    project: Path, builds: list[Build], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as on a machine that is no Debian; the rehearsal goes on without the build."""

    def refuse(*_: object) -> str:
        raise RehearsalFailure("There is no base image.", "This machine is no Debian.")

    monkeypatch.setattr(airflow_image, "make_base", refuse)
    _say_more(project)
    (told,) = _made(project).told
    assert "This machine is no Debian. Left out" in told
    assert builds == []
