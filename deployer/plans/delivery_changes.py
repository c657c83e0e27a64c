"""Refuses that a deployed environment gets its code another way because of a default that is new."""

from deployer.plans.deliveries.roster import deployed_delivery
from deployer.stacks.outputs import Outputs
from spec.environment import Environment
from spec.errors import Refusal


class DeliveryRefusal(Refusal):
    """The YAML does not say what becomes of the way in which code is delivered."""


def refuse_unsaid_change(env: Environment, outputs: Outputs | None) -> None:
    """Refuse another delivery than the deployed one unless the YAML names it. Raises `DeliveryRefusal`."""
    if env.code.delivery is not None or outputs is None:
        return
    deployed = deployed_delivery(outputs).WORD
    if deployed == env.code_delivery:
        return
    raise DeliveryRefusal(
        f"{env.name} is deployed with code.delivery: {deployed}, and its YAML does not say so.",
        why=f"Without that line it would now be {env.code_delivery}, and what is deployed stays as it is.",
        next_step=f"Add `code: {{delivery: {deployed}}}` to the YAML and compile it again; "
        f"`code: {{delivery: {env.code_delivery}}}` changes the delivery.",
    )
