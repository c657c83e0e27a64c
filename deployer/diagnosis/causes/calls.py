"""Causes at the caller: credentials, the clock of this machine, and an AWS that throttles.

Source: "Common errors" of the AWS APIs, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from deployer.diagnosis.evidence import Source
from deployer.diagnosis.signs import Sign, looks

_CALL = frozenset({Source.CALL})

LOOKS = looks(
    (
        Sign(
            name="clock skew",
            sources=_CALL,
            pattern=r"RequestTimeTooSkewed|Signature expired|Signature not yet current|RequestInTheFuture",
            what="The clock of this machine is wrong: AWS takes no request that was signed minutes ago or ahead.",
            next_step="Set the clock, for example with `timedatectl set-ntp true`, then run this again.",
            although_well=True,
        ),
        Sign(
            name="expired credentials",
            sources=_CALL,
            pattern=r"ExpiredToken|RequestExpired|credentials have expired|SSO session has expired",
            what="The AWS credentials have expired.",
            next_step="Log in again, for example with `aws sso login`, then run this again.",
            although_well=True,
        ),
        Sign(
            name="wrong credentials",
            sources=_CALL,
            pattern=r"AuthFailure|InvalidAccessKeyId|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClient"
            r"|No AWS credentials|There is no AWS profile",
            what="AWS does not accept these credentials.",
            next_step="Choose a profile with --profile; `aws sts get-caller-identity` shows whether it works.",
            although_well=True,
        ),
        Sign(
            name="throttled calls",
            sources=_CALL,
            pattern=r"Throttling|RequestLimitExceeded|TooManyRequests|SlowDown|Rate exceeded",
            what="AWS throttles the calls of this account, so that not everything could be read.",
            next_step="Run this again in a minute.",
        ),
        Sign(
            name="no network",
            sources=_CALL,
            pattern=r"NoAnswer",
            what="AWS cannot be reached from here.",
            next_step="Check the network, HTTPS_PROXY, AWS_ENDPOINT_URL and the region, then run this again.",
            although_well=True,
        ),
    )
)
