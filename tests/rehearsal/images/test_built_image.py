"""An image is built once per name, and its user has numbers."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.built_image import BuiltImage, build_image
from rehearsal.images.container_builder import Build, Builder, Configuration

PASSWD = "root:x:0:0::/root:/bin/sh\nairflow:x:50000:0::/home/airflow:/bin/sh\netl:x:1001:1002::/:/bin/sh\n"
GROUP = "root:x:0:\ndata:x:1003:\n"


@dataclass(frozen=True)
class Pretender(Builder):
    """Builds nothing; its images have users and groups, and run as `user`."""

    user: str = "50000"
    done: list[str] = field(default_factory=list)
    fails: bool = False

    def build(self, reference: str, build: Build) -> None:
        """Remember it."""
        self.done.append(f"{reference} from {build.context.name}")
        if self.fails:
            raise RehearsalFailure("It could not be built.")

    def export(self, _reference: str, folder: Path) -> None:
        """Write two files."""
        (folder / "etc").mkdir(parents=True)
        (folder / "etc" / "passwd").write_text(PASSWD)
        (folder / "etc" / "group").write_text(GROUP)

    def configuration(self, _reference: str) -> Configuration:
        """Return one with every field."""
        return Configuration(variables={"A": "b"}, user=self.user, working_directory="/w", entrypoint=("e",))

    def remove(self, reference: str) -> None:
        """Remember it."""
        self.done.append(f"removed {reference}")


def _built(builder: Pretender, tmp_path: Path) -> BuiltImage:
    return build_image(builder, Build(context=tmp_path / "docker"), name="Built-1", cache=tmp_path / "cache")


def test_an_image_is_built_once(tmp_path: Path) -> None:
    """The second time it is found, and the builder does not keep a second copy."""
    builder = Pretender("buildah", tmp_path)
    built = _built(builder, tmp_path)
    assert _built(builder, tmp_path) == built
    assert builder.done == ["localhost/rehearsal/built-1 from docker", "removed localhost/rehearsal/built-1"]
    assert built.configuration == Configuration(
        variables={"A": "b"}, user="50000:0", working_directory="/w", entrypoint=("e",)
    )
    assert (built.root / "etc" / "passwd").exists()


def test_a_build_that_failed_is_no_image(tmp_path: Path) -> None:
    """The next one builds it anew."""
    with pytest.raises(RehearsalFailure):
        _built(Pretender("buildah", tmp_path, fails=True), tmp_path)
    assert _built(Pretender("buildah", tmp_path), tmp_path).root.is_dir()


@pytest.mark.parametrize(
    ("user", "numbers"),
    [("", "0:0"), ("etl", "1001:1002"), ("1001", "1001:1002"), ("airflow:data", "50000:1003"), ("50000:7", "50000:7")],
)
def test_users_have_the_numbers_of_the_image(tmp_path: Path, user: str, numbers: str) -> None:
    """By its own files; a group alone may be one that they do not name."""
    assert _built(Pretender("buildah", tmp_path, user=user), tmp_path).configuration.user == numbers
