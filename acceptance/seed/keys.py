"""Makes the KMS keys that a YAML names, as a rehearsal needs them: with policies that let the environment use them."""

import json

from deployer.account.keys import logs_statement
from deployer.aws.session import Session
from rehearsal.emulator.rules.given_arns import GIVEN_ARN
from spec.environment import Environment

_VERSION = "2012-10-17"


def make_keys(session: Session, env: Environment) -> None:
    """Make each key under its ARN; it ends with the embedded AWS."""
    account = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{env.aws.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    policy = json.dumps({"Version": _VERSION, "Statement": [account, logs_statement(env)]})
    for arn in env.encryption.given:
        session.client("kms").create_key(Policy=policy, Tags=[{"TagKey": GIVEN_ARN, "TagValue": arn}])
