"""The promises of rehearsal/emulator/rules/web_acl.py."""

from collections.abc import Mapping
from typing import Any

import pytest

from rehearsal.emulator.rules.web_acl import Rates, UnknownStatementError, WebRequest, blocks, check

POST = {
    "ByteMatchStatement": {
        "FieldToMatch": {"Method": {}},
        "PositionalConstraint": "EXACTLY",
        "SearchString": "POST",
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }
}
LOGIN = {
    "RegexMatchStatement": {
        "FieldToMatch": {"UriPath": {}},
        "RegexString": "/login/?$",
        "TextTransformations": [{"Priority": 1, "Type": "NORMALIZE_PATH"}, {"Priority": 0, "Type": "URL_DECODE"}],
    }
}
MANAGED = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def acl(statement: Mapping[str, Any], action: str = "Block") -> dict[str, Any]:
    """Return a web ACL with one rule."""
    rules = [{"Name": "one", "Priority": 0, "Action": {action: {}}, "Statement": statement}]
    return {"ARN": "arn:acl", "DefaultAction": {"Allow": {}}, "Rules": rules}


def rate(limit: int = 10, *, only: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the statement of a rate by address."""
    scope = {"ScopeDownStatement": only} if only else {}
    return {"RateBasedStatement": {"AggregateKeyType": "IP", "Limit": limit, **scope}}


def request(path: str = "/login/", method: str = "POST", source: str = "192.0.2.1") -> WebRequest:
    """Return a request of a visitor."""
    return WebRequest(method=method, path=path, headers={"user-agent": "curl"}, source=source)


def test_the_request_after_the_limit_is_refused_until_the_window_has_passed() -> None:
    """Of the same address alone; those that are refused count too."""
    clock = Clock()
    rates, rules = Rates(clock), acl(rate())
    assert [blocks(rules, request(), rates) for _ in range(12)] == [False] * 10 + [True] * 2
    assert not blocks(rules, request(source="192.0.2.2"), rates)
    clock.seconds = 299
    assert blocks(rules, request(), rates)
    clock.seconds = 601
    assert not blocks(rules, request(), rates)


def test_only_what_a_rate_is_about_counts() -> None:
    """Other methods and paths pass, and do not use up the limit."""
    rates, rules = Rates(), acl(rate(only={"AndStatement": {"Statements": [POST, LOGIN]}}))
    for _ in range(20):
        assert not blocks(rules, request(method="GET"), rates)
        assert not blocks(rules, request("/home"), rates)
    assert [blocks(rules, request(), rates) for _ in range(11)] == [False] * 10 + [True]


@pytest.mark.parametrize("path", ["/login/", "/%6Cogin/", "//login/", "/x/../login/", "/login?next=/home"])
def test_a_path_is_compared_as_its_rule_transforms_it(path: str) -> None:
    """In the order of the priorities."""
    assert blocks(acl(LOGIN), request(path), Rates())
    assert not blocks(acl({"NotStatement": {"Statement": LOGIN}}), request(path), Rates())


def test_a_rule_that_counts_refuses_nothing() -> None:
    """Nor does a group of rules that nobody here knows."""
    assert not blocks(acl(LOGIN, "Count"), request(), Rates())
    assert not blocks(acl(MANAGED), request(), Rates())


def test_what_nobody_can_judge_is_told() -> None:
    """A web ACL that seemed to work here, and judged nothing, would prove nothing."""
    check(acl(rate(only={"OrStatement": {"Statements": [POST, LOGIN]}})))
    check(acl(MANAGED))
    unknowns: tuple[dict[str, Any], ...] = (
        {"GeoMatchStatement": {}},
        {"NotStatement": {"Statement": {"XssMatchStatement": {}}}},
    )
    for unknown in unknowns:
        with pytest.raises(UnknownStatementError, match=r"does not know (Geo|Xss)MatchStatement"):
            check(acl(unknown))
    with pytest.raises(UnknownStatementError, match="FORWARDED_IP"):
        check(acl({"RateBasedStatement": {"AggregateKeyType": "FORWARDED_IP", "Limit": 10}}))


def test_a_limit_that_aws_does_not_take_is_refused() -> None:
    """The lowest is ten."""
    with pytest.raises(ValueError, match="at least 10"):
        check(acl(rate(9)))
