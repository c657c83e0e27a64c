"""Reads from AWS's own words which right was missing, and says which statement would give it."""

import json
import re

from compiler.contract import CURRENT_RELEASE, RELEASES_PREFIX

_DENIED = re.compile(
    r"not authorized to perform: (?P<action>[a-z0-9-]+:\w+)(?: on resource: (?P<resource>\S+))?(?P<rest>.*)", re.DOTALL
)
"""Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""
_POLICY = "`windsock policy ENV` prints all that a deployer needs."
_CODE = re.compile(rf"arn:[a-z-]+:s3:::[^/]+/({re.escape(RELEASES_PREFIX)}.*|{re.escape(CURRENT_RELEASE)})")
_OF_BUCKET = "explicit deny in a resource-based policy"


def denies_code(message: str) -> bool:
    """Whether the policy of a code bucket refuses its code to somebody that its list of pushers does not name."""
    found = _DENIED.search(message)
    return found is not None and _OF_BUCKET in found["rest"] and bool(_CODE.match(found["resource"] or ""))


def next_step(message: str) -> str:
    """Return what to do about a refusal; empty when the message is about no missing right."""
    found = _DENIED.search(message)
    if found is None:
        return ""
    if denies_code(message):
        return (
            "The deployed code.pushers does not name this caller: let one of those that it names do this, or deploy "
            "a list that names the caller."
        )
    if "explicit deny" in found["rest"]:
        return f"A policy of the account denies {found['action']}: ask who owns it."
    if "permissions boundary" in found["rest"]:
        return f"The permissions boundary does not allow {found['action']}: ask who owns it."
    resource = (found["resource"] or "*").rstrip(".,;")
    statement = json.dumps({"Effect": "Allow", "Action": found["action"], "Resource": resource})
    return f"Let the caller do this: {statement}. {_POLICY}"
