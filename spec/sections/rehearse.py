"""The `rehearse` section: what a rehearsal on this machine checks."""

from typing import Annotated

from pydantic import Field, field_validator

from spec.section import Section, Violation, refuse_any

MOST_DAGS = 100
"""Each runs to its end in the rehearsal."""

DagId = Annotated[str, Field(pattern=r"^[^\s/]{1,250}$")]
"""Airflow keeps 250 characters."""


class Rehearse(Section):
    """What a rehearsal on this machine checks."""

    dags: tuple[DagId, ...] = Field(default=(), strict=False, max_length=MOST_DAGS)
    """Ids of the DAGs that a rehearsal runs, at most 100; `windsock rehearse --dag ID` runs others. Default those with
    the tag `rehearse`."""

    @field_validator("dags")
    @classmethod
    def _no_duplicates(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        refuse_any(
            Violation(f"{dag} is named twice", "remove one of the two", (index,))
            for index, dag in enumerate(value)
            if dag in value[:index]
        )
        return value
