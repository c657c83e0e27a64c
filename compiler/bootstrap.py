"""The small stack that every account and region has once: where templates lie, and who may delete what has expired."""

from troposphere import GetAtt, Output, Template

from compiler.model.stack import DROP, Sheet
from compiler.resources.buckets import draw_bucket
from compiler.resources.deletion_role import draw_deletion_role

OUTPUT = "TemplatesBucket"
ROLE_OUTPUT = "DeletionRole"
PASSING = "passing/"
"""Where the templates of environments lie that delete themselves: nobody will clear them away."""


def template_prefix(name: str, *, passing: bool) -> str:
    """Return where in the bucket the templates of an environment lie; no environment can be named like `PASSING`."""
    return f"{PASSING if passing else ''}{name}/"


def draw_toolkit() -> Template:
    """Return the template of the toolkit, the same for all environments."""
    template = Template(Description="windsock-toolkit: where CloudFormation finds the templates of environments here")
    sheet = Sheet("toolkit", template)
    role = draw_deletion_role(sheet)
    bucket = draw_bucket(sheet, OUTPUT, "Templates under the hash of their content", DROP, passing=PASSING)
    bucket.DependsOn = role.title  # deleted before the role: a bucket in use ends the deletion while all is still there
    template.add_output(Output(OUTPUT, Description="Bucket to which templates are uploaded", Value=bucket.ref()))
    description = "Role with which CloudFormation deletes environments that have expired"
    template.add_output(Output(ROLE_OUTPUT, Description=description, Value=GetAtt(role, "Arn")))
    return template
