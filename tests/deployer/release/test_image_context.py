"""What an image is built from is checked as a whole before anything is built."""

import os
from pathlib import Path

import pytest

from deployer.release.build_secrets import BuildSecrets
from deployer.release.image_context import ImageContext
from deployer.release.requirements import RequirementsRefusal
from spec.sections.image import Image
from tests.deployer.fakes.environment import environment

ROOT = Path(__file__).parents[3]
LOCK = Path("elsewhere", "airflow-2.5.3-python3.10.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make the folder of an image with one pin."""
    (tmp_path / "constraints").mkdir()
    (tmp_path / "constraints" / LOCK.name).write_text("pandas==1.5.3\n")
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
        ImageContext(folder=folder, lock=Path("other.txt"), airflow="2.5.3").check()


@pytest.fixture
def elsewhere(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> ImageContext:
    """Make the pins of another release, which the folder does not have."""
    lock = tmp_path_factory.mktemp("shipped") / "airflow-2.11.2-python3.12.txt"
    lock.write_text("pandas==2.1.4\n")
    return ImageContext(folder=folder, lock=lock, airflow="2.11.2")


def test_pins_that_the_folder_lacks_are_those_that_came_with_the_release(elsewhere: ImageContext) -> None:
    """Whoever changes `airflow.version` alone needs no other file."""
    elsewhere.check()
    assert elsewhere.constraints_text == "pandas==2.1.4\n"


def test_pins_in_the_folder_count_before_those_that_came_with_the_release(elsewhere: ImageContext) -> None:
    """A team may have raised some of them for itself."""
    elsewhere.own_lock.write_text("pandas==1.5.3\n")
    with pytest.raises(RequirementsRefusal, match=r"is pinned to pandas 1\.5\.3"):
        elsewhere.check()


def test_a_build_finds_the_pins_that_the_folder_lacks(elsewhere: ImageContext) -> None:
    """It sees a copy with all that the folder has; the folder stays as it is, and the copy goes."""
    before = sorted(elsewhere.folder.rglob("*"))
    with elsewhere.build_folder() as seen:
        assert (seen / "constraints" / elsewhere.lock.name).read_text() == "pandas==2.1.4\n"
        assert (seen / "requirements.txt").read_text() == "pandas>=2\n"
    assert not seen.exists()
    assert sorted(elsewhere.folder.rglob("*")) == before


def test_a_build_sees_the_folder_itself_where_it_has_the_pins(folder: Path) -> None:
    """Nothing is copied that need not be."""
    with ImageContext(folder=folder, lock=LOCK, airflow="2.5.3").build_folder() as seen:
        assert seen == folder


def test_the_same_pins_are_the_same_ingredients_wherever_they_lie(elsewhere: ImageContext) -> None:
    """Committing them makes no new image."""
    before = list(elsewhere.ingredients())
    elsewhere.own_lock.write_bytes(elsewhere.lock.read_bytes())
    assert list(elsewhere.ingredients()) == before
    assert [name for name, _ in before] == ["constraints/airflow-2.11.2-python3.12.txt", "requirements.txt"]


def test_what_must_not_get_into_an_image_is_refused(folder: Path) -> None:
    """Links out of the folder, pipes, and what looks like a secret; a build that ignores a file does not mind it."""
    context = ImageContext(folder=folder, lock=LOCK, airflow="2.5.3", section=Image(pins={"pandas": "2.0.3"}))
    context.check()
    (folder / "environ").symlink_to("/proc/self/environ")
    (folder / "id_rsa").write_text("a key")
    os.mkfifo(folder / "pipe")
    with pytest.raises(RequirementsRefusal) as refused:
        context.check()
    named = [line.rpartition(": ")[0].rpartition("/")[2] for line in refused.value.why.splitlines()]
    assert named[1:] == ["id_rsa", "pipe"]
    assert "environ: it is a link to /proc/" in refused.value.why
    (folder / ".dockerignore").write_text("# not in the image\n/environ\nid_*\npipe\n")
    context.check()
