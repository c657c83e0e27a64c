"""Compiles environment YAMLs in memory, for `compile`, `deploy` and `rehearse`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cli.compiling.templates_folder import templates_folder
from cli.terminal.version import VERSION
from compiler.compile import compile_environment
from compiler.connection_demand import remedy, shortage
from compiler.contract import WEBSERVER_CONFIG
from compiler.model.template_set import TemplateSet
from compiler.reach import reaches
from compiler.templates_out import stale, written_by
from deployer.release.airflow_home import check_code, taken_over
from spec.environment import Environment
from spec.errors import Fault, Refusal, SpecRefusal
from spec.placeholders import placeholders
from spec.reading.branches import for_branch
from spec.reading.house_rules import FILE as HOUSE_RULES
from spec.reading.load import load, text_of
from spec.reading.positioned_yaml import Place, read
from spec.releases.option_list import doubtful_options
from spec.releases.table import NEWEST, PROJECT_FOLDER

if TYPE_CHECKING:
    from cli.compiling.linting import Linted
    from cli.sleeping.awake_hours import AwakeHours


@dataclass(frozen=True)
class Compiled:
    """An environment, the file it came from, and its templates."""

    path: Path
    env: Environment
    templates: TemplateSet

    @property
    def project(self) -> Path:
        """The folder of the YAML: every path in it, and `templates_out`, is relative to this folder."""
        return self.path.parent

    @property
    def region(self) -> str:
        """Where the templates are deployed."""
        return self.env.aws.region

    @property
    def home(self) -> Path:
        """The folder with the code."""
        return self.project / self.env.airflow.home

    @property
    def templates_folder(self) -> Path:
        """The folder with the reviewed templates of this environment."""
        return templates_folder(self.path, self.env.name)

    @property
    def other_files(self) -> tuple[Path, ...]:
        """The files and folders besides the YAML on which templates and notices depend."""
        beside = (self.env.image.context, PROJECT_FOLDER, HOUSE_RULES, *self.env.network.files)
        return (self.home, *(self.project / name for name in beside))

    @cached_property
    def awake_hours(self) -> "AwakeHours | None":
        """What the DAGs say of the hours for which they keep it awake; None unless it sleeps until something is due."""
        if self.env.due is None:
            return None
        from cli.sleeping.awake_hours import awake_hours  # noqa: PLC0415  # most YAMLs need no schedules of DAGs

        return awake_hours(self.env, self.env.due, self.home)

    @property
    def awake(self) -> float | None:
        """These hours of a month, as `bill_of_templates` takes them."""
        return self.awake_hours.hours if self.awake_hours else None

    @cached_property
    def code_notices(self) -> tuple[str, ...]:
        """Warnings for the author of the code: what a rehearsal or a deploy would refuse, although nothing is run."""
        return tuple(self._of_code())

    @cached_property
    def notices(self) -> tuple[str, ...]:
        """Warnings for its author, although nothing is wrong."""
        own = (*self._of_release(), *self._of_login(), *self._of_logging())
        needs = (*self._of_options(), *self._of_reach(), *self._of_connections())
        return (*own, *needs, *self._of_placeholders(), *self._of_budget(), *self._of_sleep())

    def _of_code(self) -> Iterator[str]:
        from deployer.release.image_context import ImageContext  # noqa: PLC0415  # a compile from the cache asks for none

        airflow = self.env.airflow
        for check in (
            lambda: check_code(self.home, airflow.ignore_syntax, airflow.python),
            lambda: ImageContext.of(self.env, self.project).check(),
        ):
            try:
                check()
            except Refusal as refusal:
                yield "\n".join(part for part in (refusal.what, refusal.why, refusal.next_step) if part)

    def _of_release(self) -> Iterator[str]:
        release = self.env.airflow.release
        if not release.supported:
            ended = f"{self.path}: Airflow {release.version} reached its end of life on {release.end_of_life}"
            yield f"{ended}; the newest supported release is {NEWEST.version}."
        if (python := self.env.airflow.python) not in release.rehearsed:
            yield f"{self.path}: no rehearsal has run Airflow {release.version} with Python {python}: rehearse it."

    def _of_options(self) -> Iterator[str]:
        for sentence in doubtful_options(self.env.airflow.version, self.env.airflow.config):
            yield f"{self.path}: {sentence}"

    def _of_reach(self) -> Iterator[str]:
        missing = dict.fromkeys(one.what for one in reaches(self.env) if not one.way)
        if missing:
            services = ", ".join(missing)
            yield f"{self.path}: DAGs may call {services}, and no endpoint leads there; add it to network.services."

    def _of_connections(self) -> Iterator[str]:
        if said := shortage(self.env):
            several = [
                ("services", process.name, "count") for process in self.env.processes if self.env.count(process) > 1
            ]
            document = read(text_of(self.path), str(self.path))
            path, place = document.nearest([*several, ("database", "instance")][0])
            yield str(document.fault(path, place or Place(0, 0, ""), said, remedy(self.env)))

    def _of_placeholders(self) -> Iterator[str]:
        if found := tuple(placeholders(self.env)):
            yield f"{self.path}: still the values of an example, which deploy to AWS refuses: {', '.join(found)}."

    def _of_budget(self) -> Iterator[str]:
        if self.env.cost.monthly_limit is None:
            return
        from cli.cost.budget import over_budget  # noqa: PLC0415  # most YAMLs have no budget and need no prices

        yield from (f"{self.path}: {sentence}." for sentence in over_budget(self.env, self.templates, self.awake))

    def _of_sleep(self) -> Iterator[str]:
        awake = self.awake_hours
        if awake and not awake.pays:
            yield f"{self.path}: to sleep hardly pays with these DAGs: {awake.words}. `windsock cost` has the sum."

    def _of_login(self) -> Iterator[str]:
        settings = self.home / WEBSERVER_CONFIG
        if self.env.auth.federated and settings.is_file() and (names := taken_over(settings.read_bytes())):
            yield f"{settings}: `auth:` of {self.path} replaces what it sets as {', '.join(names)}."
        yield from (f"{self.path}: {notice}" for notice in self.env.auth.notices)

    def _of_logging(self) -> Iterator[str]:
        own = self.env.airflow.config.get("logging", {}).get("logging_config_class")
        if own is not None:
            yield (
                f"{self.path}: logging_config_class is {own}, so its log lines may be no JSON, and the log groups "
                "lack the lines of tasks unless it writes them to stdout."
            )


def compile_yaml(path: Path, branch: str | None = None) -> Compiled:
    """Load and compile one environment YAML, or what it is for a branch."""
    env = for_branch(load(path), branch)
    return Compiled(path, env, compile_environment(env))


def compile_reviewed(path: Path, branch: str | None) -> Compiled:
    """Load and compile what may be deployed; for a branch, the review was of the YAML's own environment."""
    reviewed = compile_yaml(path)
    refuse_stale(reviewed)
    return reviewed if branch is None else compile_yaml(path, branch)


def compile_yamls(paths: Sequence[Path], branch: str | None = None) -> list[Compiled]:
    """Load and compile several; raises one `SpecRefusal` with the mistakes of all of them."""
    environments: list[Compiled] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            environments.append(compile_yaml(path, branch))
        except SpecRefusal as refusal:
            faults += refusal.faults
    if faults:
        raise SpecRefusal(tuple(faults))
    return environments


def refuse_placeholders(compiled: Compiled) -> None:
    """Refuse to deploy what still has values of an example: nobody could reach it."""
    if found := tuple(placeholders(compiled.env)):
        raise Refusal(
            f"{compiled.path} still has values of an example.",
            why="\n".join(found),
            next_step=f"Set your own, run `windsock compile {compiled.path}` and have the change reviewed.",
        )


def refuse_stale(compiled: "Linted", verb: str = "compile") -> None:
    """Refuse to go on when the reviewed templates are not what the YAML says."""
    folder = compiled.templates_folder
    if names := stale(compiled.templates, folder):
        raise Refusal(
            f"{folder} is not what {compiled.path} says: what was reviewed is what is deployed.",
            why="\n".join([*other_version(folder), *(f"stale: {folder / name}" for name in names)]),
            next_step=f"Run `windsock {verb} {compiled.path}` and have the change reviewed.",
        )


def other_version(folder: Path) -> Iterator[str]:
    """Yield a sentence when another version of Windsock made the templates in `folder`."""
    if (version := written_by(folder)) not in {"", VERSION}:
        yield f"Windsock {version} made {folder}, and this is Windsock {VERSION}: templates may differ by that alone."
