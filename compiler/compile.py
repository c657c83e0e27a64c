"""Turns an environment into its templates.

The way, none of which touches AWS, disk, clock or chance:

    Environment                   what the YAML says
      each of all_stacks.py       draws itself on a sheet: resources, what it needs, what it gives   (stacks/)
      root.py                     wires every need to its giver
      toolkit.py                  the bucket that templates are read from, once per account and region
      writer.py                   templates -> YAML, the same bytes every time
    TemplateSet                   what is reviewed, linted (lint.py), written (templates_out.py) and deployed
"""

from collections.abc import Iterable, Mapping

from troposphere import Template

from compiler.all_stacks import ALL_STACKS
from compiler.bootstrap import draw_toolkit
from compiler.model.errors import CompileError
from compiler.model.stack import Sheet, Stack
from compiler.model.stack_values import Wire
from compiler.model.template_set import ROOT, TOOLKIT, TemplateSet
from compiler.model.yaml_writer import write
from compiler.root import draw_root
from spec.environment import Environment


def compile_environment(env: Environment) -> TemplateSet:
    """Return the templates of an environment."""
    drawn = {name: draw_stack(env, name, stack) for name, stack in ALL_STACKS.items()}
    wanted = {name: sheet for name, sheet in drawn.items() if sheet.template.resources}
    sheets = _in_order(wanted)
    files = {
        ROOT: write(draw_root(env, sheets)),
        TOOLKIT: write(draw_toolkit()),
        **{f"{name}.yaml": write(sheet.template) for name, sheet in sheets.items()},
    }
    return TemplateSet(name=env.name, files=files, nested=tuple(sheets))


def draw_stack(env: Environment, name: str, stack: Stack) -> Sheet:
    """Return the sheet of one nested stack; refuse a stack that takes or gives more than it says."""
    sheet = Sheet(name, Template(Description=f"{env.name} {name}: {stack.DESCRIPTION}"))
    stack.build(env, sheet)
    sheet.template.parameters = {wire.title: sheet.needs[wire] for wire in Wire if wire in sheet.needs}
    _refuse_unsaid(name, "NEEDS", sheet.needs.keys() - stack.NEEDS)
    _refuse_unsaid(name, "GIVES", sheet.gives.keys() - stack.GIVES)
    return sheet


def _in_order(sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """Return the sheets so that each stands behind those it takes from, and else as in the roster.

    A database in a container stands on the platform; an instance comes before it.
    """
    ordered: dict[str, Sheet] = {}
    while len(ordered) < len(sheets):
        late = {wire for name, sheet in sheets.items() if name not in ordered for wire in sheet.gives}
        free = [name for name, sheet in sheets.items() if name not in ordered and not late & sheet.needs.keys()]
        if not free:
            raise CompileError("Stacks wait for each other", next_step=f"One of {', '.join(sheets)} takes too much.")
        ordered[free[0]] = sheets[free[0]]
    return ordered


def _refuse_unsaid(name: str, roster: str, wires: Iterable[Wire]) -> None:
    unsaid = ", ".join(sorted(f"Wire.{wire.name}" for wire in wires))
    if unsaid:
        raise CompileError(
            f"{name} does not say that it {roster.lower()} {unsaid}",
            next_step=f"Add it to {roster} in compiler/stacks/{name}.py.",
        )
