"""The web ACL of AWS WAF in front of a load balancer: how often one address may log in, and what AWS refuses."""

from collections.abc import Iterator
from typing import Any

from troposphere import AWSObject, GetAtt
from troposphere.wafv2 import (
    AllowAction,
    AndStatement,
    BlockAction,
    ByteMatchStatement,
    CountAction,
    DefaultAction,
    FieldToMatch,
    ManagedRuleGroupStatement,
    OverrideAction,
    RateBasedStatement,
    RegexMatchStatement,
    RuleAction,
    RuleActionOverride,
    Statement,
    TextTransformation,
    VisibilityConfig,
    WebACL,
    WebACLAssociation,
    WebACLRule,
)

from compiler.model.stack import StackBuilder
from spec.sections.web import WAF_WINDOW_SECONDS

LOGIN_RULE = "Logins"
LOGIN_PATHS = "/login/?$|/auth/token"
"""Ends of the paths that take a password, on every release, below whatever path the site has."""
UNESCAPED = ("URL_DECODE", "NORMALIZE_PATH")
"""What a web server does with a path before it looks for a page."""

BODIES = (
    "CrossSiteScripting_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "SizeRestrictions_BODY",
)
"""Rules that only count: connections, variables and parameters of runs hold addresses and code, and more than 8 KB.
Source: "Core rule set (CRS) managed rule group", AWS WAF Developer Guide,
https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html"""
MANAGED = {"AWSManagedRulesCommonRuleSet": BODIES, "AWSManagedRulesKnownBadInputsRuleSet": ()}
"""Groups of rules that AWS keeps, with what of each only counts."""
AS_IT_SAYS: dict[str, Any] = {"None": {}}
"""Lets the rules of a group do what they say; `None` is a word of Python."""


def add_web_acl(name: str, logins: int, stack: StackBuilder, balancer: AWSObject) -> None:
    """Add the web ACL of an environment or a network by its name, and put it before the load balancer.

    One address may try so many `logins` in five minutes, at all sites behind it together.
    """
    acl = WebACL(
        "WebAcl",
        Name=f"{name}-web",  # rights are given by this name
        Description=f"{name}: what visitors may send",
        Scope="REGIONAL",
        DefaultAction=DefaultAction(Allow=AllowAction()),
        Rules=[*_rules(logins)],
        VisibilityConfig=_seen_as(f"{name}-web"),
    )
    stack.add(acl, "Limits logins by address, and refuses what AWS knows as attacks")
    placed = WebACLAssociation("WebAclAssociation", ResourceArn=balancer.ref(), WebACLArn=GetAtt(acl, "Arn"))
    stack.add(placed, "Puts the web ACL before the load balancer")


def _rules(logins: int) -> Iterator[WebACLRule]:
    yield WebACLRule(
        Name=LOGIN_RULE,
        Priority=0,
        Action=RuleAction(Block=BlockAction()),
        Statement=Statement(
            RateBasedStatement=RateBasedStatement(
                AggregateKeyType="IP",  # the address of the connection: visitors write X-Forwarded-For themselves
                EvaluationWindowSec=WAF_WINDOW_SECONDS,
                Limit=logins,
                ScopeDownStatement=Statement(AndStatement=AndStatement(Statements=[_sent(), _to_login()])),
            )
        ),
        VisibilityConfig=_seen_as(LOGIN_RULE),
    )
    for number, (group, counted) in enumerate(MANAGED.items(), start=1):
        overrides = [RuleActionOverride(Name=name, ActionToUse=RuleAction(Count=CountAction())) for name in counted]
        more: dict[str, Any] = {"RuleActionOverrides": overrides} if overrides else {}
        managed = ManagedRuleGroupStatement(VendorName="AWS", Name=group, **more)
        yield WebACLRule(
            Name=group,
            Priority=number,
            OverrideAction=OverrideAction(**AS_IT_SAYS),
            Statement=Statement(ManagedRuleGroupStatement=managed),
            VisibilityConfig=_seen_as(group),
        )


def _sent() -> Statement:
    """Return the statement that a request brings something: whoever opens a form has not tried a password yet."""
    return Statement(
        ByteMatchStatement=ByteMatchStatement(
            FieldToMatch=FieldToMatch(Method={}),
            PositionalConstraint="EXACTLY",
            SearchString="POST",
            TextTransformations=[TextTransformation(Priority=0, Type="NONE")],
        )
    )


def _to_login() -> Statement:
    undone = [TextTransformation(Priority=number, Type=kind) for number, kind in enumerate(UNESCAPED)]
    return Statement(
        RegexMatchStatement=RegexMatchStatement(
            FieldToMatch=FieldToMatch(UriPath={}), RegexString=LOGIN_PATHS, TextTransformations=undone
        )
    )


def _seen_as(metric: str) -> VisibilityConfig:
    # Samples would show the cookies and tokens of visitors to whoever may read them.
    return VisibilityConfig(CloudWatchMetricsEnabled=True, MetricName=metric, SampledRequestsEnabled=False)
