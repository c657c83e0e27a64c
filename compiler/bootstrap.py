"""The small stack that every account and region has once: where templates lie, and who may delete what has expired."""

from troposphere import GetAtt, Output, Template

from compiler.contract import DELETION_ROLE_OUTPUT, EXPIRING_PREFIX, TEMPLATES_BUCKET
from compiler.model.stack import DROP, Sheet
from compiler.resources.buckets import draw_bucket
from compiler.resources.deletion_role import draw_deletion_role


def draw_toolkit() -> Template:
    """Return the template of the toolkit, the same for all environments."""
    template = Template(Description="windsock-toolkit: where CloudFormation finds the templates of environments here")
    sheet = Sheet("toolkit", template)
    role = draw_deletion_role(sheet)
    bucket = draw_bucket(
        sheet, TEMPLATES_BUCKET, "Templates under the hash of their content", DROP, passing=EXPIRING_PREFIX
    )
    bucket.DependsOn = role.title  # deleted before the role: a bucket in use ends the deletion while all is still there
    template.add_output(
        Output(TEMPLATES_BUCKET, Description="Bucket to which templates are uploaded", Value=bucket.ref())
    )
    description = "Role with which CloudFormation deletes environments that have expired"
    template.add_output(Output(DELETION_ROLE_OUTPUT, Description=description, Value=GetAtt(role, "Arn")))
    return template
