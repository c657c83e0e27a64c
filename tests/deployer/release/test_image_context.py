"""What an image is built from is checked as a whole before anything is built."""

from pathlib import Path

import pytest

from deployer.release.build_secrets import BuildSecrets
from deployer.release.image_context import ImageContext
from deployer.release.requirements import RequirementsRefusal
from spec.sections.image import Image
from tests.deployer.fakes.environment import environment

ROOT = Path(__file__).parents[3]
LOCK = "airflow-2.5.3-python3.10.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make the folder of an image with one pin."""
    (tmp_path / "constraints").mkdir()
    (tmp_path / "constraints" / LOCK).write_text("pandas==1.5.3\n")
    (tmp_path / "requirements.txt").write_text("pandas>=2\n")
    return tmp_path


def test_every_release_of_windsocks_own_image_passes() -> None:
    """Its requirements, its pins and its Dockerfile, with pins and a secret."""
    context = ImageContext.of(environment(), ROOT)
    assert [file.name for file in context.check().files] == ["requirements.txt"]
    changed = ImageContext(
        folder=context.folder, lock=context.lock, airflow="2.5.3", section=Image(pins={"six": "1.17.0"})
    )
    changed.check_dockerfile(BuildSecrets({"PIP_TOKEN": "x"}))
    assert "six==1.17.0\n" in changed.constraints_text


def test_a_requirement_counts_against_the_pins_that_the_yaml_replaces(folder: Path) -> None:
    """Refused with the release's pin, and accepted with another."""
    with pytest.raises(RequirementsRefusal, match=r"pandas>=2, and Airflow 2\.5\.3 is pinned to pandas 1\.5\.3"):
        ImageContext(folder=folder, lock=LOCK, airflow="2.5.3").check()
    changed = ImageContext(folder=folder, lock=LOCK, airflow="2.5.3", section=Image(pins={"pandas": "2.0.3"}))
    changed.check()
    assert list(changed.told()) == ["image.pins: pandas 2.0.3 instead of 1.5.3, which the release was tried with."]


def test_a_dockerfile_that_reads_no_pins_is_refused(folder: Path) -> None:
    """It would install the release's versions, and nobody would know."""
    (folder / "Dockerfile").write_text("FROM scratch\n")
    changed = ImageContext(folder=folder, lock=LOCK, airflow="2.5.3", section=Image(pins={"pandas": "2.0.3"}))
    with pytest.raises(RequirementsRefusal, match=r"does not read image\.pins"):
        changed.check_dockerfile(BuildSecrets())


def test_missing_pins_are_refused(folder: Path) -> None:
    """The image is built with the pins that ran, or not at all."""
    with pytest.raises(RequirementsRefusal, match=r"There is no .*other\.txt"):
        ImageContext(folder=folder, lock="other.txt", airflow="2.5.3").check()
