"""Reads from AWS's own words which right was missing, and says which statement would give it."""

import json
import re

_DENIED = re.compile(
    r"not authorized to perform: (?P<action>[a-z0-9-]+:\w+)(?: on resource: (?P<resource>\S+))?(?P<rest>.*)", re.DOTALL
)
"""Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""
_POLICY = "`windsock policy ENV` prints all that a deployer needs."


def next_step(message: str) -> str:
    """Return what to do about a refusal; empty when the message is about no missing right."""
    found = _DENIED.search(message)
    if found is None:
        return ""
    if "explicit deny" in found["rest"]:
        return f"A policy of the account denies {found['action']}: ask who owns it."
    if "permissions boundary" in found["rest"]:
        return f"The permissions boundary does not allow {found['action']}: ask who owns it."
    resource = (found["resource"] or "*").rstrip(".,;")
    statement = json.dumps({"Effect": "Allow", "Action": found["action"], "Resource": resource})
    return f"Let the caller do this: {statement}. {_POLICY}"
