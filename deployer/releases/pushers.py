"""Says who may bring code to an environment whose YAML names its pushers."""

import re

from deployer.aws.session import Session
from spec.environment import Environment
from spec.errors import Refusal

_SESSION = r"arn:[a-z-]+:sts::[0-9]{12}:assumed-role/(?P<role>[^/]+)/.*"
_USER = r"arn:[a-z-]+:iam::[0-9]{12}:user/.*"


class PusherRefusal(Refusal):
    """The caller is none of the pushers of the YAML."""


def refuse_other_pushers(env: Environment, session: Session) -> None:
    """Refuse a role or user that `code.pushers` does not name: the bucket would refuse its code halfway.

    An account is no matter here, nor is its root user, whom S3 judges alone.
    """
    if not env.code.pushers or session.account != env.aws.account or is_named(session.caller, env.code.pushers):
        return
    raise PusherRefusal(
        f"{session.caller} may not bring code to {env.name}: code.pushers does not name it.",
        why=f"It names {', '.join(env.code.pushers)}.",
        next_step="Choose another profile with --profile, or add the role or user to code.pushers and let one of "
        "these deploy it.",
    )


def is_named(caller: str, pushers: tuple[str, ...]) -> bool:
    """Whether a caller is among the pushers, or is neither role nor user."""
    if session := re.fullmatch(_SESSION, caller):
        # The ARN of a session lacks the path of its role, and names of roles are unique in an account.
        return session["role"] in {arn.rpartition("/")[2] for arn in pushers if ":role/" in arn}
    return caller in pushers or not re.fullmatch(_USER, caller)
