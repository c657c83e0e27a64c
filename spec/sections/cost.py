"""The `cost` section: what an environment may cost."""

from typing import Annotated

from pydantic import Field

from spec.section import Section


class Cost(Section):
    """The budget of an environment."""

    monthly_limit: Annotated[float, Field(gt=0)] | None = None
    """USD a month by AWS's list prices, as `windsock cost` counts them, more than 0. `compile` warns of a YAML that
    costs more, and `deploy` refuses it without --over-budget. Default no limit."""
