"""The `rehearse` section: what a rehearsal on this machine checks."""

from typing import Annotated

from pydantic import Field

from spec.section import EACH_ONCE, Section

MOST_DAGS = 100
"""Each runs to its end in the rehearsal."""

DagId = Annotated[str, Field(pattern=r"^[^\s/]+$", max_length=250)]
"""Airflow keeps 250 characters."""


class Rehearse(Section):
    """What a rehearsal on this machine checks."""

    dags: Annotated[tuple[DagId, ...], Field(strict=False, max_length=MOST_DAGS), EACH_ONCE] = ()
    """Ids of the DAGs that a rehearsal runs, at most 100; `windsock rehearse --dag ID` runs others. Default those with
    the tag `rehearse`."""
