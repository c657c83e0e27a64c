"""The `code` section: how DAGs, plugins and configuration reach the containers, and how long releases are kept."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, field_validator

from spec.releases.table import Release
from spec.section import Section, refuse
from spec.sections.deliveries.bundle import COMMIT
from spec.sections.deliveries.efs import Efs
from spec.sections.deliveries.kind import DeliveryKind
from spec.sections.deliveries.release import Releases

Delivery = Literal["release", "efs"]

DELIVERIES: Mapping[Delivery, DeliveryKind] = MappingProxyType({"release": Releases(), "efs": Efs()})
"""The ways to deliver code by their words in the YAML."""


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
