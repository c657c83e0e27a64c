"""The `workers` section: the Fargate tasks that run one Airflow task each, with `executor: ecs`."""

from typing import Annotated

from pydantic import Field, field_validator

from spec.section import Section, refuse
from spec.sections.policies import Policies
from spec.sections.services import Service

Weight = Annotated[int, Field(ge=0, le=1000)]


class Capacity(Section):
    """The capacity that workers run on, by weight: the capacity provider strategy of each RunTask."""

    on_demand: Weight = 1
    """Weight of Fargate at its regular price, 0 to 1000; 0 uses none of it. Default 1.
    Source: CapacityProviderStrategyItem, Amazon ECS API reference."""

    spot: Weight = 0
    """Weight of Fargate Spot, 0 to 1000: cheaper, and AWS may take a worker back at two minutes' notice; its Airflow
    task then fails and is retried as its `retries` say. Default 0."""

    @property
    def weights(self) -> dict[str, int]:
        """The capacity providers that are used, with their weights."""
        offered = {"FARGATE": self.on_demand, "FARGATE_SPOT": self.spot}
        return {provider: weight for provider, weight in offered.items() if weight}


class Workers(Service):
    """The Fargate tasks that run one Airflow task each, with `airflow.executor: ecs`."""

    capacity: Capacity = Capacity()
    """The capacity that workers run on. Default on-demand alone; for a mix give both weights, such as
    {on_demand: 1, spot: 3}."""

    policies: Policies = ()
    """ARNs of IAM policies that workers get besides those of `airflow.policies`, at most 9 together. Default none.
    Source: "IAM and AWS STS quotas" (managed policies attached to a role), IAM User Guide."""

    @field_validator("capacity")
    @classmethod
    def _weighted(cls, value: Capacity) -> Capacity:
        if not value.weights:
            refuse("workers would run on no capacity at all", hint="give on_demand or spot a weight above 0")
        return value
