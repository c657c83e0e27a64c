"""When an environment ends: a schedule that lets CloudFormation delete it, and tries again until it is gone.

Every other stack depends on this one, so it is deleted last: as long as anything is left, the schedule is.
"""

from awacs import cloudformation, iam
from awacs.aws import Allow, Condition, Statement, StringEquals
from troposphere import Sub

from compiler.contract import EXPIRY
from compiler.model.stack import Sheet
from compiler.model.stack_values import Wire
from compiler.resources.schedules import draw_schedule, draw_schedules_role
from spec.environment import Environment

DESCRIPTION = "When this environment deletes itself"
TIMEOUT_MINUTES = 15
NEEDS = frozenset({Wire.EXPIRES_AT, Wire.DELETION_ROLE, Wire.ROOT_STACK})
GIVES = frozenset({Wire.EXPIRY_SCHEDULE})

AGAIN = "rate(1 hour)"


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the end of an environment that has one."""
    if env.ttl is None:
        return
    delete = Statement(
        Sid="DeleteThisStack",
        Effect=Allow,
        Action=[cloudformation.DeleteStack],
        Resource=[sheet.wire(Wire.ROOT_STACK)],
    )
    hand_over = Statement(
        Sid="HandRoleToCloudFormation",
        Effect=Allow,
        Action=[iam.PassRole],
        Resource=[sheet.wire(Wire.DELETION_ROLE)],
        Condition=Condition(StringEquals("iam:PassedToService", "cloudformation.amazonaws.com")),
    )
    description = "What the expiry may do: let CloudFormation delete this environment"
    role = draw_schedules_role(sheet, description, delete, hand_over)
    call = f'{{"StackName":"${{{Wire.ROOT_STACK.title}}}","RoleARN":"${{{Wire.DELETION_ROLE.title}}}"}}'
    schedule = draw_schedule(
        env,
        sheet,
        "Expiry",
        EXPIRY,
        "Deletes this environment when its time is over, and again every hour until nothing is left",
        call="cloudformation:deleteStack",
        said=Sub(call),
        role=role,
        ScheduleExpression=AGAIN,
        StartDate=sheet.wire(Wire.EXPIRES_AT),
    )
    sheet.give(Wire.EXPIRY_SCHEDULE, schedule.ref())
