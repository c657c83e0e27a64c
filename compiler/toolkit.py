"""The small stack that every account and region has once: the bucket from which CloudFormation reads templates."""

from troposphere import Output, Template

from compiler.buckets import draw_bucket
from compiler.stack import DROP, Sheet

OUTPUT = "TemplatesBucket"


def draw_toolkit() -> Template:
    """Return the template of the toolkit, the same for all environments."""
    template = Template(Description="windsock-toolkit: where CloudFormation finds the templates of environments here")
    sheet = Sheet("toolkit", template)
    bucket = draw_bucket(sheet, OUTPUT, "Templates under the hash of their content", DROP)
    template.add_output(Output(OUTPUT, Description="Bucket to which templates are uploaded", Value=bucket.ref()))
    return template
