"""The pages that show which actions of `windsock policy` nothing used in the life of an example."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from acceptance.deploy_principal import USER
from compiler.compile import compile_environment
from deployer.permissions.policy import cloudformation_policies, deployer_policies
from rehearsal.emulator.iam.usage import Use
from spec.environment import Environment
from tests.life.kept import ROOT

PAGE = """# Policies of {name}

Which actions of `windsock policy {file}` a rehearsal used. Its user deployed, looked, opened a shell, pushed, changed
what every resource has, and took it down. `make endurance` compares this page with what it sees.

{used} of {all} actions were used. Not used:

"""
_LINE = re.compile(r"^- `(?P<action>\S+)`$", re.MULTILINE)


def file_of(name: str) -> Path:
    """Return the file of a page."""
    return ROOT / "docs" / "enforcement" / f"{name}-policies.md"


def render(env: Environment, file: Path, uses: Iterable[Use]) -> str:
    """Render the page of an example."""
    granted = allowed(env)
    used = {use.action for use in uses if use.who.endswith(tuple(_principals(env)))}
    head = PAGE.format(name=env.name, file=file, used=len(granted & used), all=len(granted))
    return head + "".join(f"- `{action}`\n" for action in sorted(granted - used))


def allowed(env: Environment) -> frozenset[str]:
    """Return every action of the policies of an environment, with those of CloudFormation's role."""
    templates = compile_environment(env)
    documents = (*deployer_policies(env, templates), *cloudformation_policies(env, templates))
    return frozenset(action for one in documents for statement in one["Statement"] for action in statement["Action"])


def unused(page: str) -> frozenset[str]:
    """Read from a page what was not used."""
    return frozenset(match["action"] for match in _LINE.finditer(page))


def _principals(env: Environment) -> Iterator[str]:
    yield f":user/{USER}"
    if env.aws.cloudformation_role:
        yield f"/{env.aws.cloudformation_role.rpartition('/')[2]}"
