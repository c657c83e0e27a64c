"""The `schedule` section: when an environment is awake, in hours of the week or by what is due."""

from typing import Annotated

from pydantic import Tag

from spec.section import by_kind
from spec.sections.schedules.due import Due
from spec.sections.schedules.hours import Hours

Schedule = Annotated[Annotated[Hours, Tag("hours")] | Annotated[Due, Tag("due")], by_kind("hours", key="when")]
"""When the environment is awake, by `when`."""
