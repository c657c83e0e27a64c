"""A real botocore client that answers from a list and checks every request against the service's model."""

from typing import Any

import botocore.session
from botocore.stub import Stubber

from deployer.aws.errors import translated_client


def stubbed(service: str) -> tuple[Any, Stubber]:
    """Return a translated client and the stubber that answers for the service."""
    session = botocore.session.Session()
    raw = session.create_client(service, "us-west-2", aws_access_key_id="1", aws_secret_access_key="2")
    stubber = Stubber(raw)
    stubber.activate()
    return translated_client(raw, None), stubber
