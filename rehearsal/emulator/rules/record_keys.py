"""The condition keys of a change of DNS records: what it does, to which types, under which names.

Source: "Using IAM policy conditions for fine-grained access control", Amazon Route 53 Developer Guide,
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-rrset-conditions.html
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import unescape

ACTION = "route53:ChangeResourceRecordSets"
_CHANGE = re.compile(rb"<(Action|Name|Type)>(.*?)</\1>", re.DOTALL)
_PLAIN = re.compile(r"[a-z0-9_.-]")


def of_body(body: bytes) -> dict[str, list[str]]:
    """Return the keys of a call by the changes in its body."""
    found: dict[bytes, list[str]] = {b"Action": [], b"Name": [], b"Type": []}
    for element, value in _CHANGE.findall(body):
        found[element].append(unescape(value.decode("utf-8", "replace")).strip())
    return _keys(found[b"Action"], found[b"Type"], found[b"Name"])


def of_handler(kind: str, handler: str, properties: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the keys of the change that a handler of CloudFormation makes; none for types without records.

    The record that proves a domain to ACM is below the domain; all names below a domain have the same as the domain.
    Source: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
    """
    does = ["DELETE" if handler == "delete" else "UPSERT"]
    if kind == "AWS::Route53::RecordSet":
        return _keys(does, [str(properties.get("Type", ""))], [str(properties.get("Name", ""))])
    if kind == "AWS::CertificateManager::Certificate":
        options = properties.get("DomainValidationOptions") or ()
        names = (str(one.get("DomainName", "")).removeprefix("*.") for one in options)
        return _keys(does, ["CNAME"], [f"_proof.{name}" for name in names])
    return {}


def normalized(name: str) -> str:
    """Return a name in small letters, without a dot at its end, and with what is unusual in octal."""
    plain = name.lower().removesuffix(".")
    return "".join(one if _PLAIN.match(one) else "".join(f"\\{byte:03o}" for byte in one.encode()) for one in plain)


def _keys(actions: Iterable[str], types: Iterable[str], names: Iterable[str]) -> dict[str, list[str]]:
    prefix = ACTION.lower()
    return {
        f"{prefix}actions": sorted(set(actions)),
        f"{prefix}recordtypes": sorted(set(types)),
        f"{prefix}normalizedrecordnames": sorted({normalized(name) for name in names}),
    }
