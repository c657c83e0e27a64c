"""Reads from AWS's own words which right was missing, and says which statement would give it."""

import json
import re

from compiler.contract import CURRENT_RELEASE, RELEASES_PREFIX

_DENIED = re.compile(
    r"not authorized to perform: (?P<action>[a-z0-9-]+:\w+)(?: on resource: (?P<resource>\S+))?(?P<rest>.*)", re.DOTALL
)
"""Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""
_POLICY = "`windsock policy ENV` prints all that a deployer needs."
_CODE = re.compile(rf"arn:[a-z-]+:s3:::(?P<bucket>[^/]+)/({re.escape(RELEASES_PREFIX)}.*|{re.escape(CURRENT_RELEASE)})")
_OF_BUCKET = "explicit deny in a resource-based policy"


def next_step(message: str) -> str:
    """Return what to do about a refusal; empty when the message is about no missing right."""
    found = _DENIED.search(message)
    if found is None:
        return ""
    code = _CODE.match(found["resource"] or "")
    if code and _OF_BUCKET in found["rest"]:
        return (
            "The deployed code.pushers does not name this caller: let one of them do it, or deploy a list that names "
            f"it. If none of them is left, take the statements OnlyPushers… out of the policy of {code['bucket']}, "
            "then deploy."
        )
    if "explicit deny" in found["rest"]:
        return f"A policy of the account denies {found['action']}: ask who owns it."
    if "permissions boundary" in found["rest"]:
        return f"The permissions boundary does not allow {found['action']}: ask who owns it."
    resource = (found["resource"] or "*").rstrip(".,;")
    statement = json.dumps({"Effect": "Allow", "Action": found["action"], "Resource": resource})
    return f"Let the caller do this: {statement}. {_POLICY}"
