"""Causes in the account: quotas, capacity, roles of services, and rights that a deploy lacks.

Sources: "Amazon ECS service event messages", Amazon ECS Developer Guide,
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html; "Troubleshooting
CloudFormation", https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
"""

from deployer.diagnosis.evidence import Source
from deployer.diagnosis.signs import Sign, looks

_PLACING = frozenset({Source.SERVICE, Source.EVENT, Source.TASK})
_EVENT = frozenset({Source.EVENT})

LOOKS = looks(
    (
        Sign(
            name="missing service-linked role",
            sources=_PLACING,
            pattern=r"assume the service linked role|service-linked role .{0,80}(?:does not|doesn't) exist",
            what="The account lacks the role that a service of AWS assumes in it.",
            next_step="Run `windsock deploy ENV` again: it makes the role first, which takes a minute to arrive.",
        ),
        Sign(
            name="quota of vCPUs",
            sources=_PLACING,
            pattern=r"(?:limit|quota) on the number of vCPUs|vCPU limit|maximum number of vCPUs",
            what="The account may run no more vCPUs on Fargate.",
            key="{size}.cpu",
            next_step="Ask for more in Service Quotas (Fargate On-Demand vCPU resource count), or run smaller tasks.",
        ),
        Sign(
            name="no capacity",
            sources=_PLACING,
            pattern=r"Capacity is unavailable at this time|RESOURCE:FARGATE|SpotInterruption|Spot Task was interrupted",
            what="Fargate has no capacity for the {about} now.",
            key="fargate.capacity",
            next_step="Wait: ECS tries again by itself. With Spot, fargate: {{capacity: on_demand}} has more.",
        ),
        Sign(
            name="no free addresses",
            sources=_PLACING,
            pattern=r"InsufficientFreeAddresses|not enough free addresses|(?:no|insufficient) free (?:IP )?addresses",
            what="The subnets have no free addresses for the {about}.",
            key="network",
            next_step="Free addresses in the subnets, or name larger ones in network.",
        ),
        Sign(
            name="quota",
            sources=_EVENT,
            pattern=r"LimitExceeded|limit exceeded|has been reached|QuotaExceeded|maximum number of|exceeds? \w+ quota",
            what="The account has reached a quota that {about} needs room under.",
            next_step="Ask for more in Service Quotas, or take down what `windsock list` names and nobody needs.",
        ),
        Sign(
            name="throttled deploy",
            sources=_EVENT,
            pattern=r"Throttling|Rate exceeded|TooManyRequests",
            what="AWS throttled the calls that made {about}.",
            next_step="Run `windsock deploy ENV` again in a minute; it goes on where it stopped.",
        ),
        Sign(
            name="right that the deploy lacks",
            sources=_EVENT,
            pattern=r"(?:AccessDenied.{0,300}?)?not authorized to perform: (?P<action>[\w-]+:\w+)|Access.?[Dd]enied",
            what="CloudFormation may not make {about}: whoever deploys lacks the right {action}.",
            key="aws.cloudformation_role",
            next_step="Give it: `windsock policy ENV` prints all that a deployer needs. Then deploy again.",
        ),
    )
)
