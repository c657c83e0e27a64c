"""Makes what Windsock must know of an Airflow release, in a project of its own, and keeps it once it was rehearsed."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cli.airflow_releases.package_index import Published, Uv, pins, run_uv
from cli.airflow_releases.requirements_table import databases
from deployer.release.image_context import CONSTRAINTS, SHIPPED
from deployer.release.requirements import REQUIREMENTS
from rehearsal.host.errors import RehearsalFailure
from rehearsal.images.virtualenvs import Virtualenv
from spec.releases.entry import Entry, read_entries
from spec.releases.option_list import FILE
from spec.releases.table import KNOWN, PROJECT_FOLDER

EXECUTORS = ("local", "ecs")
"""A release is rehearsed with each of them."""

_HOME = SHIPPED.with_name("airflow_home")
_LIST_OPTIONS = Path(__file__).with_name("list_options.py")
_YAML = """\
name: airflow-{name}
aws: {{account: "123456789012", region: eu-central-1}}
network: {{allowed_cidrs: [203.0.113.0/24]}}
database: {{kind: container, engine: postgres, version: "{postgres}"}}
airflow: {{version: {version}, python: "{python}", executor: {executor}}}
"""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the files of releases lie, and the pins that belong to them."""

    releases: Path
    constraints: Path

    @classmethod
    def of(cls, project: Path) -> "Places":
        """Return those of a project; in Windsock's own checkout they are the ones that come with it."""
        own = project.resolve() == SHIPPED.parent.resolve()
        return cls(
            releases=KNOWN if own else project / PROJECT_FOLDER, constraints=project / SHIPPED.name / CONSTRAINTS
        )


@dataclass(frozen=True, kw_only=True)
class NewRelease:
    """A release with one Python, and a project in `folder` that has nothing but it; everything is made in there.

    Of a release that is `known`, only the Python is new.
    """

    release: Published
    python: str
    folder: Path
    known: bool = False

    @property
    def _places(self) -> Places:
        return Places.of(self.folder)

    @property
    def releases(self) -> Path:
        """The folder with its entry and its options."""
        return self._places.releases

    @property
    def lock(self) -> Path:
        """The constraints file."""
        return self._places.constraints / f"airflow-{self.release.version}-python{self.python}.txt"

    def resolve(self, uv: Uv = run_uv) -> int:
        """Write project and pins, and return how many there are. Raises `Refusal`."""
        shutil.copytree(SHIPPED, self.folder / SHIPPED.name, ignore=shutil.ignore_patterns(CONSTRAINTS))
        shutil.copytree(_HOME, self.folder / _HOME.name, ignore=shutil.ignore_patterns("__pycache__"))
        for folder in (self._places.releases, self._places.constraints):
            folder.mkdir()
        text = pins(self.release, self.python, uv)
        self.lock.write_text(text, encoding="utf-8")
        _write(self._places.releases, self._entry(rehearsed=False))
        return len(text.splitlines())

    def list_options(self, cache: Path) -> int:
        """Build the environment of the release, let it list its options, and return how many it has.

        Raises `RehearsalFailure`.
        """
        # Without an option list no YAML of this release can be read, and so there is no environment yet.
        virtualenv = Virtualenv(
            name=self.lock.stem,
            python=self.python,
            requirements=[self.folder / SHIPPED.name / REQUIREMENTS],
            constraints=self.lock,
            cache=cache,
        ).build()
        text = option_list_of(virtualenv, self.folder)
        (self._places.releases / FILE.format(version=self.release.version)).write_text(text, encoding="utf-8")
        return sum(map(len, json.loads(text)["options"].values()))

    def yaml(self, executor: str) -> Path:
        """Write the YAML of an environment of this release."""
        file, newest = self.folder / f"{executor}.yaml", databases(self.release.metadata)["postgres"][-1]
        text = environment_of(self.release.version, self.python, executor, newest)
        file.write_text(text, encoding="utf-8")
        return file

    def keep(self, places: Places, *, rehearsed: bool) -> tuple[Path, ...]:
        """Copy the files to where environments find them, and return their paths; the entry comes last."""
        for folder in (places.releases, places.constraints):
            folder.mkdir(parents=True, exist_ok=True)
        kept = [shutil.copyfile(self.lock, places.constraints / self.lock.name)]
        if not self.known:
            options = FILE.format(version=self.release.version)
            kept.append(shutil.copyfile(self._places.releases / options, places.releases / options))
        entry = self._entry(rehearsed=rehearsed)
        there = next((one for one in read_entries(places.releases) if one.version == entry.version), entry)
        pythons = {**there.pythons, **entry.pythons}
        return *kept, _write(places.releases, there.model_copy(update={"pythons": pythons}))

    def _entry(self, *, rehearsed: bool) -> Entry:
        return Entry(
            version=self.release.version,
            released=str(self.release.day),
            pythons={self.python: rehearsed},
            databases=databases(self.release.metadata),
        )


def environment_of(version: str, python: str, executor: str, postgres: str) -> str:
    """Return the YAML with which a release is rehearsed."""
    name = f"{version.replace('.', '-')}-{executor}"
    return _YAML.format(name=name, version=version, python=python, executor=executor, postgres=postgres)


def option_list_of(virtualenv: Path, home: Path) -> str:
    """Return the list that a release gives of its options. Raises `RehearsalFailure`."""
    done = subprocess.run(
        [virtualenv / "bin" / "python", _LIST_OPTIONS],
        env={"AIRFLOW_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RehearsalFailure(
            f"{virtualenv.name} does not list the options of Airflow.",
            done.stderr.strip()[-2000:],
            "Its pins do not go together.",
        )
    return json.dumps(json.loads(done.stdout.splitlines()[-1]), indent=1, ensure_ascii=False) + "\n"


def _write(folder: Path, entry: Entry) -> Path:
    file = folder / entry.file
    file.write_text(json.dumps(entry.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")
    return file
