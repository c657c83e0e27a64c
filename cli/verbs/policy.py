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

from pathlib import Path

from cli.command_line.parser import Parser, add_environment, add_json
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.permissions.policies import add_policies, show_policies
from deployer.permissions.own_calls import Purpose
from deployer.permissions.policy import of_all_branches
from deployer.permissions.subject import of_environment


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    add_policies(parser, Purpose)
    parser.add_argument(
        "--all-branches", action="store_true", help="name the environments of all branches, as CI needs it"
    )
    add_json(parser)


def run(call: Call) -> int:
    """Print or write the policies, and say what to do with them."""
    compiled = compile_yaml(Path(call.options.env), call.options.branch)
    env = of_all_branches(compiled.env) if call.options.all_branches else compiled.env
    return show_policies(call, of_environment(env, compiled.templates))
