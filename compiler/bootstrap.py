"""The bootstrap stack, once per account and region: the bucket of the templates and the role that deletes."""

from troposphere import GetAtt, Output, Template

from compiler.contract import BOOTSTRAP_STACK, DELETION_ROLE_OUTPUT, EXPIRING_PREFIX, TEMPLATES_BUCKET
from compiler.model.stack import DELETE, StackBuilder
from compiler.resources.buckets import add_bucket
from compiler.resources.deletion_role import add_deletion_role
from compiler.resources.policies import only_new_templates
from compiler.resources.role_rules import apply_role_rules
from spec.sections.aws import Aws


def bootstrap_template(aws: Aws) -> Template:
    """Return the template of the bootstrap stack, the same for all environments with the same rules for roles."""
    template = Template(Description="windsock-toolkit: where CloudFormation finds the templates of environments here")
    stack = StackBuilder(name="bootstrap", template=template)
    role = add_deletion_role(stack)
    bucket = add_bucket(
        stack,
        TEMPLATES_BUCKET,
        "Templates under the hash of their content",
        DELETE,
        expiring_prefix=EXPIRING_PREFIX,
        statements=only_new_templates,
    )
    bucket.DependsOn = (
        role.title
    )  # deleted before the role: a bucket in use ends the deletion while everything is still there
    template.add_output(
        Output(TEMPLATES_BUCKET, Description="Bucket to which templates are uploaded", Value=bucket.ref())
    )
    description = "Role with which CloudFormation deletes environments that have expired"
    template.add_output(Output(DELETION_ROLE_OUTPUT, Description=description, Value=GetAtt(role, "Arn")))
    apply_role_rules(aws, BOOTSTRAP_STACK, BOOTSTRAP_STACK, template)
    return template
