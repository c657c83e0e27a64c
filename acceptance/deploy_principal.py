"""Deploys a rehearsal as a user who may do what `windsock policy` prints, and nothing else."""

import json
from collections.abc import Sequence

from deployer.aws.session import Session, open_session
from deployer.permissions.policy import Document

USER = "windsock-deployer"


def open_as_user(owner: Session, endpoint_url: str, policies: Sequence[Document]) -> Session:
    """Make a user with these policies in an account of one's own, and return the session of that user."""
    iam = owner.client("iam")
    iam.create_user(UserName=USER)
    for number, document in enumerate(policies, start=1):
        made = iam.create_policy(PolicyName=f"{USER}-{number}", PolicyDocument=json.dumps(document))
        iam.attach_user_policy(UserName=USER, PolicyArn=made["Policy"]["Arn"])
    key = iam.create_access_key(UserName=USER)["AccessKey"]
    return open_session(
        owner.region, endpoint_url=endpoint_url, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"]
    )
