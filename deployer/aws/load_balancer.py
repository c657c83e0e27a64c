"""The targets behind a load balancer, its rule for browsers while an environment sleeps, and its protection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compiler.contract import NO_HOST
from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from mypy_boto3_elbv2 import ElasticLoadBalancingv2Client
    from mypy_boto3_elbv2.type_defs import RuleConditionTypeDef, RuleTypeDef

_PROTECTION = "deletion_protection.enabled"


@dataclass(frozen=True)
class Target:
    """One target: its address, its state in the load balancer's words, and why."""

    address: str
    state: str
    reason: str


@dataclass(frozen=True)
class Rule:
    """One rule of a listener: its priority, which is empty for the default one, and the hosts that it is for."""

    priority: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class LoadBalancer:
    """Elastic Load Balancing in one region."""

    client: ElasticLoadBalancingv2Client

    def targets(self, target_group: str) -> tuple[Target, ...]:
        """Return the registered targets; none when the target group is gone."""
        try:
            answer = self.client.describe_target_health(TargetGroupArn=target_group)
        except AwsRefusal as error:
            if error.code in {"TargetGroupNotFound", "TargetGroupNotFoundException"}:
                return ()
            raise
        return tuple(
            Target(
                f"{entry.get('Target', {}).get('Id', '')}:{entry.get('Target', {}).get('Port', '')}",
                entry.get("TargetHealth", {}).get("State", ""),
                entry.get("TargetHealth", {}).get("Description", ""),
            )
            for entry in answer["TargetHealthDescriptions"]
        )

    def rules(self, listener: str) -> tuple[Rule, ...]:
        """Return the rules of a listener."""
        pages = self.client.get_paginator("describe_rules").paginate(ListenerArn=listener)
        return tuple(_rule(one) for page in pages for one in page["Rules"])

    def shows_page(self, rule: str) -> bool:
        """Return whether browsers get the page of a rule that answers while an environment sleeps."""
        described = self.client.describe_rules(RuleArns=[rule])["Rules"]
        return any(NO_HOST not in one.get("Values", ()) for each in described for one in each.get("Conditions", ()))

    def take_page_away(self, rule: str) -> None:
        """Lead browsers past that rule."""
        nobody: RuleConditionTypeDef = {"Field": "host-header", "HostHeaderConfig": {"Values": [NO_HOST]}}
        self.client.modify_rule(RuleArn=rule, Conditions=[nobody])

    def unprotect(self, balancer: str) -> None:
        """Lift deletion protection; a load balancer that is gone is no error."""
        try:
            self.client.modify_load_balancer_attributes(
                LoadBalancerArn=balancer, Attributes=[{"Key": _PROTECTION, "Value": "false"}]
            )
        except AwsRefusal as error:
            if error.code not in {"LoadBalancerNotFound", "LoadBalancerNotFoundException"}:
                raise


def _rule(described: RuleTypeDef) -> Rule:
    asked = [one for one in described.get("Conditions", ()) if one.get("Field") == "host-header"]
    hosts = (host for one in asked for host in one.get("HostHeaderConfig", {}).get("Values") or one.get("Values", ()))
    return Rule(described.get("Priority", ""), tuple(hosts))
