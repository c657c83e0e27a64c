"""The whole network of several environments, one field per section: the table of contents of its YAML."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, Tag, field_validator, model_validator

from spec.constrained_types import EnvironmentName
from spec.section import Section, Violation, by_kind, refuse, refuse_any
from spec.sections.aws import Aws
from spec.sections.networks.private import Private
from spec.sections.networks.public import Public
from spec.sections.networks.shared_load_balancer import SharedLoadBalancer
from spec.sections.web import certificate_faults

Vpc = Annotated[Annotated[Public, Tag("public")] | Annotated[Private, Tag("private")], by_kind("public", key="mode")]


class SharedNetwork(Section):
    """One VPC on AWS, in which several environments stand."""

    name: EnvironmentName
    """Names the stack of this network, and what environments take from it: lower-case letters, digits and hyphens, at
    most 32. No environment has the same name. No default."""

    aws: Aws
    """Where the network lives; its environments live in the same account and region."""

    network: Vpc = Field(default=Public(), validate_default=True)
    """The VPC. Who reaches a web server is in the YAML of each environment."""

    load_balancer: SharedLoadBalancer | None = None
    """A load balancer for the sites of several environments: those with `web.load_balancer: shared`. Default none."""

    @field_validator("network")
    @classmethod
    def _without_visitors(cls, value: Public | Private) -> Public | Private:
        if value.allowed_cidrs:
            refuse(
                "a network has no web server of its own",
                hint="name who reaches a web server in network.allowed_cidrs of each environment, or, with a load "
                "balancer for all, in load_balancer.allowed_cidrs",
                at=("allowed_cidrs",),
            )
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> "SharedNetwork":
        balancer = certificate_faults(self.load_balancer, self.aws) if self.load_balancer else ()
        certificate = (one._replace(at=("load_balancer", *one.at)) for one in balancer)
        refuse_any([*self.network.check_place(self.aws), *certificate])
        return self

    def export_name(self, output: str) -> str:
        """Return the name under which one of its outputs is exported; account and region have each name once."""
        return f"{self.name}-{output}"

    def check_place(self, aws: Aws) -> Iterator[Violation]:
        """Yield why an environment that lives there cannot stand here; paths begin at the top of its YAML."""
        for key in ("account", "region"):
            own, other = getattr(self.aws, key), getattr(aws, key)
            if own != other:
                hint = f"choose a network in {other}, or set aws.{key} to {own}"
                yield Violation(f"the network {self.name} is in {own}, not in {other}", hint, ("network", "file"))
