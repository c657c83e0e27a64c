"""Types of text with rules: an account, a region, the name of an environment, a CIDR block, a domain, a folder."""

import difflib
import re
from ipaddress import IPv4Network
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.aws_facts.regions import OTHER_PARTITIONS, REGIONS
from spec.section import Matching, offered, refuse

ENVIRONMENT_NAME_MAXIMUM = 32
"""AWS cuts the names of load balancers and target groups to 32 characters."""

_NAME_PATTERN = r"[a-z]([a-z0-9]|-(?=[a-z0-9]))*"
_DOMAIN_PATTERN = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])"
_DOMAIN_MAXIMUM = 253
_RESERVED_PREFIXES = ("windsock-", "aws-")
_EXPIRING_PREFIX = "passing"
"""The prefix in the templates bucket for the templates of environments that delete themselves."""


def _environment_name(value: str) -> str:
    if len(value) > ENVIRONMENT_NAME_MAXIMUM:
        refuse(
            f"{value!r} has {len(value)} characters",
            hint=f"use at most {ENVIRONMENT_NAME_MAXIMUM}: AWS cuts the load balancer's and target group's names there",
        )
    if not re.fullmatch(_NAME_PATTERN, value):
        refuse(
            f"{value!r} cannot name stacks and DNS entries",
            hint="use lower-case letters, digits and single hyphens, starting with a letter, such as data-prod",
        )
    if value.startswith(_RESERVED_PREFIXES):
        refuse(
            f"{value!r} starts with a reserved prefix",
            hint=f"names may not start with {' or '.join(_RESERVED_PREFIXES)}",
        )
    if value == _EXPIRING_PREFIX:
        refuse(f"{value!r} is a name that Windsock uses itself", hint=f"choose another, such as {value}-by")
    return value


def _region(value: str) -> str:
    if value not in REGIONS:
        likely = () if value.startswith(OTHER_PARTITIONS) else REGIONS
        near = difflib.get_close_matches(value, likely, n=1, cutoff=0.8)
        guess = f"did you mean {near[0]}? " if near else ""
        refuse(f"{value!r} is not a region Windsock knows", hint=f"{guess}valid: {', '.join(REGIONS)}")
    return value


def _cidr(value: str) -> str:
    try:
        network = IPv4Network(value)
    except ValueError as error:
        refuse(
            f"{value!r} is not an IPv4 CIDR block ({error})",
            hint="such as 203.0.113.0/24, or 203.0.113.7/32 for one address",
        )
    return str(network)


def _domain(value: str) -> str:
    if not re.fullmatch(_DOMAIN_PATTERN, value) or len(value) > _DOMAIN_MAXIMUM:
        refuse(
            f"{value!r} is not a domain name",
            hint="write it in lower case and without https://, such as airflow.example.com",
        )
    return value


EnvironmentName = Annotated[
    str,
    AfterValidator(_environment_name),
    Field(json_schema_extra={"pattern": f"^{_NAME_PATTERN}$", "maxLength": ENVIRONMENT_NAME_MAXIMUM}),
]
AccountId = Annotated[
    str,
    Matching(
        pattern=r"[0-9]{12}",
        fault="is not an AWS account id",
        hint='an account id is 12 digits in quotes, such as "123456789012"',
    ),
]
Region = Annotated[str, AfterValidator(_region), offered(REGIONS)]
Cidr = Annotated[str, AfterValidator(_cidr)]
Domain = Annotated[
    str,
    AfterValidator(_domain),
    Field(json_schema_extra={"pattern": f"^{_DOMAIN_PATTERN}$", "maxLength": _DOMAIN_MAXIMUM}),
]
ConfigKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _relative(value: str) -> str:
    if not value or PurePosixPath(value).is_absolute():
        refuse(
            f"{value!r} is not relative to this file",
            hint="give a folder relative to the one that holds this file, such as airflow_home or ../airflow_home",
        )
    return value


def _named(value: str) -> str:
    if not {*PurePosixPath(value).parts} - {".."}:
        refuse(
            f"{value!r} is the folder of this file or one around it", hint="give a folder of its own, such as docker"
        )
    return value


Folder = Annotated[str, AfterValidator(_relative)]
OwnFolder = Annotated[Folder, AfterValidator(_named)]
"""A folder that is read as a whole, so it must not be the one around the environment YAML."""
