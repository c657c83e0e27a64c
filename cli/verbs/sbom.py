"""Prints what the deployed image of an environment consists of, as a bill of materials for scanners (CycloneDX, JSON).

A container of the image itself says which packages of Python and Debian it has, with their versions and licences. It
asks no registry. Give the document to a scanner that knows advisories:

    windsock sbom env.yaml > image.cdx.json
"""

import json

from cli.aws_access.account import open_aws
from cli.command_line.parser import Parser, add_aws, add_environment
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected
from deployer.access.bill_of_materials import bill_of_materials
from deployer.stacks.outputs import read_outputs
from deployer.stacks.preflight import existing_stack


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Ask a container, and print the document."""
    env = selected(call)
    session = open_aws(call, env)
    outputs = read_outputs(existing_stack(env, session))
    call.screen.say("Asking a container of the image for its packages.")
    call.screen.data(json.dumps(bill_of_materials(env, session, outputs), indent=2))
    return 0
