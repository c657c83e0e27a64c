"""Shows what a deploy of an environment would change, the dangerous first, and which line of the YAML brings it.

Compares with what is deployed, and says what people changed there by hand. Without asking AWS it compares with a git
revision or another YAML. A revision stands for the templates that were committed there. What the image and the code
bring is not in templates: `deploy` and `push` say it.

    windsock diff env.yaml
    windsock diff env.yaml --against origin/main --markdown
"""

import json
from dataclasses import asdict, replace
from pathlib import Path

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, add_aws, add_environment, add_json
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.differences.against import deployed, other
from cli.differences.differing import Differing, differing
from cli.differences.markdown_page import markdown_page
from cli.differences.text_page import text_page
from deployer.differences.by_hand import changes_by_hand
from deployer.health.drift import find_drift, stacks_of
from spec.errors import Refusal

CHANGES, FAILED = 2, 1
"""The exit codes with --detailed-exitcode, as Terraform and the CDK have them."""


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("--against", metavar="WHAT", help="a git revision or another YAML, instead of what is deployed")
    parser.add_argument(
        "--detailed-exitcode", action="store_true", help="exit with 0 for no change, 2 for changes, 1 for any failure"
    )
    parser.add_argument(
        "--markdown", action="store_true", help="print Markdown that fits into a pull request's comment"
    )
    add_json(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Compare and print what differs."""
    if not call.options.detailed_exitcode:
        _print(call, _differing(call))
        return 0
    try:
        found = _differing(call)
    except Refusal as refusal:
        call.screen.refuse(refusal)
        return FAILED
    _print(call, found)
    return CHANGES if found.difference or found.by_hand else 0


def _differing(call: Call) -> Differing:
    compiled = compile_yaml(Path(call.options.env), call.options.branch)
    if call.options.against is not None:
        return differing(compiled, other(compiled, call.options.against), call.options.branch)
    session = open_aws(call, compiled.env)
    found = differing(compiled, deployed(compiled.env, session), call.options.branch)
    drift = find_drift(compiled.env, session, stacks_of(compiled.env, session))
    by_hand = tuple(changes_by_hand(drift.changes, found.difference))
    return replace(found, by_hand=by_hand, notices=(*found.notices, *drift.unread))


def _print(call: Call, found: Differing) -> None:
    for notice in found.notices:
        call.screen.warn(notice)
    if call.options.json:
        call.screen.data(json.dumps(asdict(found), indent=2))
    elif call.options.markdown:
        call.screen.data(markdown_page(found))
    else:
        call.screen.page(text_page(found))
