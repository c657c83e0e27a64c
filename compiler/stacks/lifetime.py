"""The expiry of an environment: a schedule that lets CloudFormation delete it, and tries again until it is gone.

Every other stack depends on this one, so it is deleted last: as long as anything is left, the schedule is.
"""

from compiler.connections import expiry_permissions
from compiler.contract import EXPIRY
from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder
from compiler.resources.schedules import ScheduledCall, When, add_schedule, add_schedules_role
from spec.environment import Environment

DESCRIPTION = "Expiry of this environment"
TIMEOUT_MINUTES = 15
INPUTS = frozenset({values.EXPIRES_AT, values.DELETION_ROLE, values.ROOT_STACK})
OUTPUTS = frozenset({values.EXPIRY_SCHEDULE})

AGAIN = "rate(1 hour)"


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the expiry of an environment that has one."""
    if env.ttl is None:
        return
    description = "What the expiry may do: let CloudFormation delete this environment"
    role = add_schedules_role(stack, description, expiry_permissions())
    call = ScheduledCall(
        logical_id="Expiry",
        name=EXPIRY,
        description="Deletes this environment when its time is over, and again every hour until nothing is left",
        call="cloudformation:deleteStack",
        request=f'{{"StackName":"${{{values.ROOT_STACK.title}}}","RoleARN":"${{{values.DELETION_ROLE.title}}}"}}',
    )
    when = When(expression=AGAIN, start=stack.parameter(values.EXPIRES_AT))
    schedule = add_schedule(env, stack, call, role, when)
    stack.output(values.EXPIRY_SCHEDULE, schedule.ref())
