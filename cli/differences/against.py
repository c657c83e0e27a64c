"""Finds what an environment is compared with: what is deployed, a git revision, or another YAML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.compiling.compiled import Compiled
from cli.compiling.templates_folder import TEMPLATES_OUT
from cli.differences.git import Revision, find_revision
from compiler.contract import BOOTSTRAP_STACK, snake
from compiler.model.template_set import BOOTSTRAP, ROOT, TemplateSet
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE
from spec.environment import Environment
from spec.reading.load import text_of

_SUFFIX = ".yaml"


@dataclass(frozen=True, kw_only=True)
class Against:
    """What an environment is compared with: `words` name it, `yaml` is the text of its YAML, where that is known.

    `reviewed` are the templates that were committed with it, or are deployed; None where only its YAML is known.
    """

    words: str
    file: str = ""
    yaml: str | None = None
    reviewed: TemplateSet | None = None


def other(compiled: Compiled, against: str) -> Against:
    """Return the YAML of that name or, where there is none, the git revision; raises `Refusal`."""
    path = Path(against)
    if path.is_file():
        return Against(words=against, file=against, yaml=text_of(path))
    revision = find_revision(compiled.path, against)
    words = f"{against} ({revision.commit[:7]})"
    name = revision.former_name(compiled.path.name)
    yaml = revision.text(name)
    if yaml is None:
        return Against(words=f"{words}, which has no {name}")
    file = f"{against}:{compiled.path.with_name(name)}"
    return Against(words=words, file=file, yaml=yaml, reviewed=_committed(revision, compiled.env))


def deployed(env: Environment, session: Session) -> Against:
    """Return what is deployed: nothing where no stack stands."""
    files = dict(_deployed_files(env, session))
    words = f"what is deployed in {session.region}" if ROOT in files else "nothing, as it is not deployed"
    return Against(words=words, reviewed=_template_set(env.name, files))


def _deployed_files(env: Environment, session: Session) -> Iterator[tuple[str, str]]:
    stack = session.cloudformation.stack(env.name)
    if session.cloudformation.stack(BOOTSTRAP_STACK):
        yield BOOTSTRAP, session.cloudformation.template(BOOTSTRAP_STACK)
    if stack is None:
        return
    yield ROOT, session.cloudformation.template(stack.id)
    for resource in session.cloudformation.resources(stack.id):
        if resource.type == STACK_TYPE and resource.physical_id:
            name = f"{snake(resource.logical_id)}{_SUFFIX}"
            yield name, session.cloudformation.template(resource.physical_id)


def _committed(revision: Revision, env: Environment) -> TemplateSet | None:
    folder = f"{TEMPLATES_OUT}/{env.name}"
    names = [name for name in revision.names(folder) if name.endswith(_SUFFIX)]
    files = {name: text for name in names if (text := revision.text(f"{folder}/{name}")) is not None}
    return _template_set(env.name, files) if ROOT in files else None


def _template_set(name: str, files: Mapping[str, str]) -> TemplateSet:
    nested = tuple(file.removesuffix(_SUFFIX) for file in files if file not in {ROOT, BOOTSTRAP})
    return TemplateSet(name=name, files=files, nested=nested)
