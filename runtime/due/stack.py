"""Says whether CloudFormation changes the environment just now: a deploy or a deletion is no time to sleep."""

from __future__ import annotations

import os
from typing import Any

import boto3

from .alarm import PATIENT

VARIABLE = "WINDSOCK_STACK"
"""Holds the ARN of the root stack."""


def change_of_stack(client: Any = None) -> str:
    """Return what CloudFormation does with the stack, as it names it; empty where it does nothing."""
    asked = client or boto3.client("cloudformation", config=PATIENT)
    (stack,) = asked.describe_stacks(StackName=os.environ[VARIABLE])["Stacks"]
    status = str(stack["StackStatus"])
    return status if status.endswith("_IN_PROGRESS") else ""
