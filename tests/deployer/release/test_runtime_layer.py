"""The layer on top of every image: complete, readable, and known by what it consists of."""

import ast
import stat
from pathlib import Path

from compiler.airflow.database_connection import ASYNC_CONNECT_ARGS
from compiler.authorities import AUTHORITIES
from compiler.contract import HOME_LINKS, PYTHON_PATH, RUNTIME, RUNTIME_PACKAGE
from deployer.release.runtime_layer import RUNTIME_SOURCES, layer_instructions, layer_version, write_runtime
from spec.aws_facts.regions import REGIONS, WITHOUT_AUTHORITY
from spec.releases.table import RELEASES

KINDS = ("*.py", "*.pem")


def test_every_user_of_a_container_can_read_it(tmp_path: Path) -> None:
    """Whatever the umask of whoever builds; what Python compiled here stays here."""
    tmp_path.chmod(0o700)
    package = write_runtime(tmp_path)
    written = {file.relative_to(package) for file in package.rglob("*.*")}
    assert written == {file.relative_to(RUNTIME_SOURCES) for kind in KINDS for file in RUNTIME_SOURCES.rglob(kind)}
    assert {stat.S_IMODE((package / file).stat().st_mode) for file in written} == {0o644}
    folders = (tmp_path, package, *(path for path in package.rglob("*") if path.is_dir()))
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o755}


def test_writing_it_again_changes_nothing(tmp_path: Path) -> None:
    """A second rehearsal of the same session finds it there."""
    before = {file: file.read_bytes() for file in write_runtime(tmp_path).rglob("*.py")}
    assert {file: file.read_bytes() for file in write_runtime(tmp_path).rglob("*.py")} == before


def test_other_authorities_take_the_place_of_those_of_rds(tmp_path: Path) -> None:
    """A second writing leaves their files alone, which containers read; without them each region has its own."""
    certificates = [file.name for file in RUNTIME_SOURCES.rglob("*.pem")]
    package = write_runtime(tmp_path, authorities=b"another")
    assert {file.read_bytes() for file in package.rglob("*.pem")} == {b"another"}
    times = [file.stat().st_mtime_ns for file in package.rglob("*.*")]
    write_runtime(tmp_path, authorities=b"another")
    assert [file.stat().st_mtime_ns for file in package.rglob("*.*")] == times
    own = {file.read_bytes() for file in write_runtime(tmp_path).rglob("*.pem")}
    assert len(own) == len(certificates)


def test_every_region_has_its_authorities_in_it() -> None:
    """One without them takes no `database.tls: verify`."""
    folder = RUNTIME_SOURCES / AUTHORITIES.removeprefix(f"{RUNTIME}/")
    assert {file.stem for file in folder.iterdir()} == set(REGIONS) - WITHOUT_AUTHORITY


def test_it_starts_from_the_users_image_and_adds_to_its_path() -> None:
    """A PYTHONPATH of the user's Dockerfile goes on to count."""
    lines = layer_instructions().splitlines()
    assert lines[:2] == ["ARG IMAGE", "FROM ${IMAGE}"]
    assert f"COPY {RUNTIME_PACKAGE} {RUNTIME}" in lines
    assert f"ENV PYTHONPATH={PYTHON_PATH}${{PYTHONPATH:+:$PYTHONPATH}}" in lines
    assert all(f"ln -sfn {target} {name}" in lines[-1] for name, target in HOME_LINKS.items())


def test_its_version_stays_while_it_does() -> None:
    """It is part of the image's tag: 64 hex digits, the same at each look."""
    assert layer_version() == layer_version()
    assert int(layer_version(), 16) >= 0
    assert len(layer_version()) == 64


def test_what_the_releases_name_is_in_it() -> None:
    """Airflow would die at its start of a module or class that is not there."""
    named = {
        name
        for release in RELEASES.values()
        for name in (
            str(release.config["logging"]["logging_config_class"]),
            *([release.ecs.executor] if release.ecs else []),
            *(
                value.partition("=")[2]
                for process in release.processes.values()
                for key, value in process.environment.items()
                if key == "GUNICORN_CMD_ARGS"
            ),
        )
    }
    assert len(named) == 3
    for name in (*named, ASYNC_CONNECT_ARGS):
        package, *modules, attribute = name.split(".")
        tree = ast.parse(RUNTIME_SOURCES.joinpath(*modules).with_suffix(".py").read_text(encoding="utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, ast.ClassDef)} | {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else (node.target,))
            if isinstance(target, ast.Name)
        }
        assert package == RUNTIME_PACKAGE
        assert attribute in defined
