"""Writes a project that compiles and rehearses at once: env.yaml, airflow_home/, docker/, .gitignore and README.md.

It also writes what CI runs: a pull request is compiled, compared and rehearsed, and what is merged is deployed.

With --from it writes them around an Airflow that exists: an Airflow home, the folder of the official Compose file, an
Astro project, an MWAA source, values of the official Helm chart, or an airflow.cfg. It says what it understood, and
lists what it left out and why. It changes no file that is there; if it was interrupted, run it again.

    windsock init my-airflow
    windsock init --from ../astro-project
"""

from dataclasses import replace
from pathlib import Path

from cli.command_line.parser import Parser, UsageRefusal
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.starting.new_project import YAML, NewProject, Written, write_project, write_schema
from cli.starting.pipelines.pipeline import HOSTS, NONE
from cli.starting.take_over import TakenOver, take_over
from cli.terminal.version import VERSION
from compiler.templates_out import write
from spec.errors import Refusal

_HERE = "."
_DAGS = "airflow_home/dags"


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("folder", metavar="DIR", nargs="?", default=_HERE, help="the new project, here by default")
    parser.add_argument(
        "--from", dest="source", metavar="PATH", type=Path, help="the folder or file of an Airflow that exists"
    )

    parser.add_argument(
        "--ci", choices=[*HOSTS, NONE], default=next(iter(HOSTS)), help="for which CI, github by default"
    )


def run(call: Call) -> int:
    """Write the project, and name the next step."""
    folder = Path(call.options.folder)
    _refuse_file(folder)
    if (folder / YAML).exists():
        return _renew(call, folder)
    taken = take_over(call.options.source, folder) if call.options.source else None
    project = taken.project if taken else NewProject(sample=not (folder / _DAGS).is_dir() or _begun(folder))
    if taken:
        _tell(call, taken)
    written = write_project(folder, replace(project, host=_host(call, folder)))
    compiled = compile_yaml(folder / YAML)
    write(compiled.templates, compiled.templates_folder, VERSION)
    _report(call, folder, written)
    return 0


def _host(call: Call, folder: Path) -> str:
    """Return for which CI a pipeline is written: for none where the folder lies inside of a repository."""
    above = next((parent for parent in folder.resolve().parents if (parent / ".git").exists()), None)
    host = str(call.options.ci)
    if above is None or (folder / ".git").exists() or host == NONE:
        return host
    call.screen.say(f"{HOSTS[host]} belongs into {above}, the root of the repository; nothing of it was written.")
    return NONE


def _renew(call: Call, folder: Path) -> int:
    """Bring a project that stands up to date; its YAML is the last file that init writes, so it is complete."""
    if call.options.source:
        raise Refusal(
            f"{folder / YAML} exists, and init overwrites nothing.",
            next_step="Name another folder: windsock init DIR --from PATH",
        )
    if write_schema(folder):
        call.screen.say("The JSON schema for editors is up to date now.")
    call.screen.say(f"{folder / YAML} is there already; nothing else was written.")
    return 0


def _begun(folder: Path) -> bool:
    """Whether an interrupted init began to write the sample code; DAGs of the user's own get no sample beside them."""
    sample = {path.name for path in (Path(__file__).parents[2] / _DAGS).glob("*.py")}
    return {path.name for path in (folder / _DAGS).glob("*.py")} <= sample


def _tell(call: Call, taken: TakenOver) -> None:
    screen, found, project = call.screen, taken.understood, taken.project
    screen.say(f"{call.options.source} is {found.title}.")
    for note in taken.carried.notes:
        screen.say(note)
    if found.home:
        screen.say(f"Its code is used where it is: airflow.home is {project.settings.home}.")
    options = [f"{section}.{key}" for section, keys in taken.carried.config.items() for key in keys]
    for what, names in (
        ("Options", options),
        ("Python packages", project.requirements),
        ("Debian packages", project.packages),
        ("Sizes", project.settings.sizes),
    ):
        if names:
            screen.say(f"{what} carried over: {', '.join(names)}.")
    if taken.carried.left_out:
        screen.warn("Not carried over:")
        for left in taken.carried.left_out:
            screen.say(f"  {left.what}: {left.reason}")


def _report(call: Call, folder: Path, written: Written) -> None:
    for path in written.new:
        call.screen.data(str(path))
    for path in written.kept:
        call.screen.say(f"{path} was there and stays as it is.")
    where = "" if folder == Path(_HERE) else f"cd {folder} && "
    call.screen.say(f"Next: {where}windsock rehearse")
    call.screen.say(
        f"Before the first deploy, set aws.account, aws.region and network.allowed_cidrs in {folder / YAML}."
    )


def _refuse_file(folder: Path) -> None:
    if folder.is_file() or folder.suffix in {".yaml", ".yml"}:
        raise UsageRefusal(
            f"{folder} names a file, and init writes a whole project.",
            next_step="Name a folder, or none for this one. For a second environment, copy env.yaml.",
        )
