"""Prints the least that IAM must allow to deploy, change, watch, push to and take down an environment.

It asks nobody: the permissions follow from the templates, from CloudFormation's own list of what each type of resource
needs, and from the calls of Windsock itself. They name the stacks, roles and buckets of this one environment. What AWS
names by an id must bear its tag. IAM limits the size of a policy, so one role may need several.

With aws.cloudformation_role in the YAML, two roles share the work: whoever deploys may hand that role to CloudFormation
and make Windsock's own calls, and CloudFormation may make the resources.

    windsock policy env.yaml
    windsock policy env.yaml --for push --for watch
    windsock policy env.yaml --all-branches --output policies
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.command_line.parser import Parser, add_environment
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from compiler.model.template_set import TemplateSet
from deployer.permissions.own_calls import Purpose
from deployer.permissions.policy import (
    DOCUMENT_MAXIMUM,
    Document,
    cloudformation_policies,
    cloudformation_trust,
    deployer_policies,
    of_all_branches,
    size,
)
from spec.environment import Environment


@dataclass(frozen=True)
class Named:
    """A policy with the name of its file, and what it is for."""

    name: str
    role: str
    document: Document


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument(
        "--for",
        dest="purposes",
        metavar="PURPOSE",
        action="append",
        choices=[purpose.value for purpose in Purpose],
        help="only what this needs: deploy, push, watch or teardown; may be repeated",
    )
    parser.add_argument(
        "--all-branches", action="store_true", help="name the environments of all branches, as CI needs it"
    )
    parser.add_argument("--output", metavar="DIR", type=Path, help="write each policy to a file in this folder")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(call: Call) -> int:
    """Print or write the policies, and say what to do with them."""
    compiled = compile_yaml(Path(call.options.env), call.options.branch)
    purposes = frozenset(map(Purpose, call.options.purposes or Purpose))
    env = of_all_branches(compiled.env) if call.options.all_branches else compiled.env
    policies = list(_policies(env, compiled.templates, purposes))
    if call.options.output:
        _write(call.options.output, policies)
        call.screen.say(f"{len(policies)} files are in {call.options.output}.")
    elif call.options.json:
        call.screen.data(json.dumps([vars(policy) for policy in policies], indent=2))
    else:
        call.screen.data("\n\n".join(_page(policy) for policy in policies))
    call.screen.say(f"A role takes up to 10 managed policies; each may have {DOCUMENT_MAXIMUM} characters.")
    return 0


def _policies(env: Environment, templates: TemplateSet, purposes: frozenset[Purpose]) -> Iterator[Named]:
    who, name = f"whoever uses {env.name}", env.name.removesuffix("-*")
    for number, document in enumerate(deployer_policies(env, templates, purposes), start=1):
        yield Named(f"{name}-deployer-{number}", who, document)
    acting = cloudformation_policies(env, templates, purposes)
    for number, document in enumerate(acting, start=1):
        yield Named(f"{name}-cloudformation-{number}", str(env.aws.cloudformation_role), document)
    if acting:
        trust = f"{env.aws.cloudformation_role}, its trust policy"
        yield Named(f"{name}-cloudformation-trust", trust, cloudformation_trust())


def _write(folder: Path, policies: list[Named]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for policy in policies:
        text = json.dumps(policy.document, indent=2)
        (folder / f"{policy.name}.json").write_text(f"{text}\n", encoding="utf-8")


def _page(policy: Named) -> str:
    head = f"# {policy.name}: {size(policy.document)} characters, for {policy.role}"
    return f"{head}\n{json.dumps(policy.document, indent=2)}"
