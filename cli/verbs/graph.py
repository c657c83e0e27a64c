"""Draws the architecture of an environment: who reaches whom on which port, who reads which secret, and what is state.

It is drawn from the templates, without asking AWS. SVG is for pages; Mermaid is for comments on GitHub and GitLab.

    windsock graph env.yaml --output env.svg
    windsock graph env.yaml --mermaid
    windsock graph env.yaml --against main --output change.svg

With --reach it prints instead what each part reaches outside of the VPC, by which way, and fails where one has no way.
"""

from pathlib import Path

from cli.command_line.parser import Parser, add_environment
from cli.command_line.verb import Call
from cli.compiling.compiled import Compiled, compile_yaml
from cli.differences.against import other
from cli.differences.differing import former_templates
from cli.graph.architecture import Architecture, architecture, changed
from cli.graph.mermaid import mermaid
from cli.graph.reach_table import reach_table
from cli.graph.svg import svg
from compiler.reach import reaches
from deployer.differences.compare import compare


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("--mermaid", action="store_true", help="print Mermaid instead of SVG")
    parser.add_argument("--reach", action="store_true", help="print what is reached outside of the VPC, and how")
    parser.add_argument("--against", metavar="WHAT", help="mark what differs from a git revision or another YAML")
    parser.add_argument("--output", metavar="FILE", type=Path, help="write to this file instead of printing")


def run(call: Call) -> int:
    """Draw and print, or write."""
    compiled = compile_yaml(Path(call.options.env), call.options.branch)
    if call.options.reach:
        found = reaches(compiled.env)
        call.screen.data(reach_table(found))
        return 0 if all(one.way for one in found) else 1
    picture = _picture(call, compiled)
    text = mermaid(picture) if call.options.mermaid else svg(picture).rstrip()
    if call.options.output:
        call.options.output.write_text(f"{text}\n", encoding="utf-8")
        call.screen.say(f"The picture is in {call.options.output}.")
    else:
        call.screen.data(text)
    return 0


def _picture(call: Call, compiled: Compiled) -> Architecture:
    new = architecture(compiled.templates)
    if call.options.against is None:
        return new
    against = other(compiled, call.options.against)
    former = former_templates(compiled, against, call.options.branch)
    return changed(architecture(former), new, compare(former, compiled.templates))
