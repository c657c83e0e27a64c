"""Prints or writes the policies for an environment or a network, and says whom each is for."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.command_line.parser import Parser
from cli.command_line.verb import Call
from deployer.permissions.own_calls import Purpose
from deployer.permissions.policy import (
    DOCUMENT_MAXIMUM,
    Document,
    cloudformation_policies,
    cloudformation_trust,
    deployer_policies,
    size,
)
from deployer.permissions.subject import Subject


@dataclass(frozen=True)
class Named:
    """A policy with the name of its file, and what it is for."""

    name: str
    role: str
    document: Document


def add_policies(parser: Parser, purposes: Iterable[Purpose]) -> None:
    """Declare what chooses among policies, and where they are written."""
    names = [purpose.value for purpose in purposes]
    parser.add_argument(
        "--for",
        dest="purposes",
        metavar="PURPOSE",
        action="append",
        choices=names,
        help=f"only what this needs: {', '.join(names[:-1])} or {names[-1]}; may be repeated",
    )
    parser.add_argument("--output", metavar="DIR", type=Path, help="write each policy to a file in this folder")


def show_policies(call: Call, subject: Subject) -> int:
    """Print or write the policies of a subject, and say what to do with them."""
    purposes = frozenset(map(Purpose, call.options.purposes or Purpose))
    policies = list(_policies(subject, purposes))
    if call.options.output:
        _write(call.options.output, policies)
        call.screen.say(f"{len(policies)} files are in {call.options.output}.")
    elif call.options.json:
        call.screen.data(json.dumps([vars(policy) for policy in policies], indent=2))
    else:
        call.screen.data("\n\n".join(_page(policy) for policy in policies))
    call.screen.say(f"A role takes up to 10 managed policies; each may have {DOCUMENT_MAXIMUM} characters.")
    return 0


def _policies(subject: Subject, purposes: frozenset[Purpose]) -> Iterator[Named]:
    who, name = f"whoever uses {subject.name}", subject.name.removesuffix("-*")
    for number, document in enumerate(deployer_policies(subject, purposes), start=1):
        yield Named(f"{name}-deployer-{number}", who, document)
    acting, role = cloudformation_policies(subject, purposes), subject.aws.cloudformation_role
    for number, document in enumerate(acting, start=1):
        yield Named(f"{name}-cloudformation-{number}", str(role), document)
    if acting:
        yield Named(f"{name}-cloudformation-trust", f"{role}, its trust policy", cloudformation_trust())


def _write(folder: Path, policies: list[Named]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for policy in policies:
        text = json.dumps(policy.document, indent=2)
        (folder / f"{policy.name}.json").write_text(f"{text}\n", encoding="utf-8")


def _page(policy: Named) -> str:
    head = f"# {policy.name}: {size(policy.document)} characters, for {policy.role}"
    return f"{head}\n{json.dumps(policy.document, indent=2)}"
