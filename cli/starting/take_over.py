"""Makes a new project around an Airflow that exists: recognises it, reads it, and says where the new parts go."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from cli.starting.carried import Carried, carry
from cli.starting.environment_yaml import Settings
from cli.starting.new_project import NewProject, image_files
from cli.starting.sources.roster import SOURCES
from cli.starting.understood import Understood
from spec.errors import Refusal

_IMAGE_FOLDERS = ("docker", "windsock-docker")


@dataclass(frozen=True)
class TakenOver:
    """A project that was understood, what of it is carried over, and the project to write."""

    understood: Understood
    carried: Carried
    project: NewProject


def understand(path: Path) -> Understood:
    """Read the project at `path`; raises `Refusal` when it is of no kind that is known."""
    if not path.exists():
        raise Refusal(f"There is nothing at {path}.", next_step="Name the folder or file of your Airflow with --from.")
    for source in SOURCES:
        if source.recognises(path):
            return source.read(path)
    titles = ", ".join(source.title for source in SOURCES)
    raise Refusal(
        f"{path} is no project that Windsock knows.",
        why=f"It knows {titles}.",
        next_step="Name the folder that holds dags/, or the file itself.",
    )


def take_over(path: Path, folder: Path) -> TakenOver:
    """Return the project that `windsock init --from` writes into `folder`; nothing at `path` is changed."""
    found = understand(path)
    carried = carry(found)
    sizes = {name: size for name, size in found.sizes.items() if name in carried.release.processes}
    home = Settings.home if found.home is None else _relative(found.home, folder)
    settings = Settings(
        release=carried.release, home=home, config=carried.config, sizes=sizes, secrets_backend=found.secrets_backend
    )
    project = NewProject(
        settings=settings,
        requirements=found.requirements,
        packages=found.packages,
        origin=found.title,
        sample=found.home is None,
    )
    return TakenOver(found, carried, _beside(folder, project))


def _beside(folder: Path, project: NewProject) -> NewProject:
    """Return the project with a folder for its image in which there is no Dockerfile of somebody else."""
    for name in _IMAGE_FOLDERS:
        dockerfile = folder / name / "Dockerfile"
        if not dockerfile.exists() or dockerfile.read_bytes() == image_files(project)["Dockerfile"]:
            break
    return replace(project, settings=replace(project.settings, context=name))


def _relative(home: Path, folder: Path) -> str:
    return Path(os.path.relpath(home.absolute(), folder.absolute())).as_posix()
