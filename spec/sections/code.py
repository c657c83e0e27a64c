"""The `code` section: how DAGs, plugins and configuration reach the containers, and how long releases are kept."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from spec.releases.table import Release
from spec.section import EACH_ONCE, Section, refuse
from spec.sections.deliveries.bundle import COMMIT
from spec.sections.deliveries.efs import Efs
from spec.sections.deliveries.kind import DeliveryKind
from spec.sections.deliveries.release import Releases

Delivery = Literal["release", "efs"]

DELIVERIES: Mapping[Delivery, DeliveryKind] = MappingProxyType({"release": Releases(), "efs": Efs()})
"""The ways to deliver code by their words in the YAML."""

MOST_PUSHERS = 20
_PUSHER_PATTERN = r"arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[\w+=,.@/-]{0,191}[\w+=,.@-]"
_SESSION_PATTERN = r"arn:(?P<partition>[a-z-]+):sts::(?P<account>[0-9]{12}):assumed-role/(?P<name>[^/]+)/.*"


def _pusher(value: str) -> str:
    if session := re.fullmatch(_SESSION_PATTERN, value):
        role = f"arn:{session['partition']}:iam::{session['account']}:role/{session['name']}"
        refuse(f"{value!r} is a session of a role", hint=f"name the role, with its path if it has one: {role}")
    if not re.fullmatch(_PUSHER_PATTERN, value, re.ASCII):
        refuse(
            f"{value!r} is not the ARN of an IAM role or user",
            hint="name each role or user, without stars, such as arn:aws:iam::123456789012:role/ci",
        )
    return value


Pusher = Annotated[str, AfterValidator(_pusher), Field(json_schema_extra={"pattern": f"^{_PUSHER_PATTERN}$"})]
Pushers = Annotated[tuple[Pusher, ...], Field(strict=False, min_length=1, max_length=MOST_PUSHERS), EACH_ONCE]


def usual_delivery(release: Release, *, expires: bool) -> Delivery:
    """Return how code reaches the containers where the YAML does not say it."""
    return "release" if release.dag_bundles and not expires else "efs"


class Code(Section):
    """How DAGs, plugins and configuration reach the containers, and how long their releases are kept."""

    delivery: Delivery | None = None
    """`release`: each push is an immutable release in the bucket, which containers fetch by themselves; a run keeps the
    code that it began with; on Airflow 2 a task does. `efs`: a one-off task lays each release on a file system that
    every container mounts; `ttl` needs it. Default release on Airflow 3, and efs on Airflow 2 or with `ttl`."""

    keep: Annotated[int, Field(ge=1, le=1000)] = 20
    """How many releases are kept at least, the newest first: 1 to 1000. Default 20."""

    keep_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """For how many days each release is kept at least, 1 to 3650; one that a run uses is kept in any case. Default
    90."""

    commit_url: str | None = None
    """Address of a commit, with {commit} for its hash, such as https://github.com/acme/dags/commit/{commit}. With it
    the version of a DAG bundle in Airflow's own pages leads to the commit. Default none."""

    pushers: Pushers = ()
    """ARNs of the IAM roles and users, 1 to 20, that may write code to the bucket and read it there, such as
    arn:aws:iam::123456789012:role/ci; roles of the environment read it as ever. Default none: whoever has the rights
    in IAM may."""

    @field_validator("commit_url")
    @classmethod
    def _names_a_commit(cls, value: str | None) -> str | None:
        if value is None:
            return value
        rest = value.replace(COMMIT, "", 1)
        if COMMIT not in value or "{" in rest or "}" in rest or not value.startswith("https://"):
            refuse(
                f"{value!r} is not the address of a commit",
                hint=f"such as https://github.com/acme/dags/commit/{COMMIT}",
            )
        return value
