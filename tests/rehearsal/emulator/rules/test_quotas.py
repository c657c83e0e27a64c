"""The promises of rehearsal/emulator/rules/quotas.py."""

from pathlib import Path
from typing import Any

from rehearsal.emulator.rules.quotas import INTERFACES, QUOTAS, groups_of, rules_by_family


def test_each_quota_has_a_code_of_its_own() -> None:
    """By service and code Service Quotas finds it."""
    assert len({(quota.service, quota.code) for quota in QUOTAS}) == len(QUOTAS)


def test_a_rule_between_groups_counts_for_both_families() -> None:
    """A range counts for its own alone."""
    pair: dict[str, Any] = {"UserIdGroupPairs": [{"GroupId": "sg-1"}], "PrefixListIds": [{"PrefixListId": "pl-1"}]}
    assert rules_by_family([pair, {"IpRanges": [{}, {}]}, {"Ipv6Ranges": [{}]}]) == (4, 3)


def test_the_groups_of_a_service_are_found_where_its_type_has_them() -> None:
    """A type without network interfaces has none, and so has a resource that names none."""
    groups: dict[str, Any] = {"SecurityGroups": ["a", "b"]}
    service: dict[str, Any] = {"NetworkConfiguration": {"AwsvpcConfiguration": groups}}
    assert groups_of("AWS::ECS::Service", service) == ("a", "b")
    assert groups_of("AWS::SNS::Topic", groups) == ()
    assert all(groups_of(kind, {}) == () for kind in INTERFACES)


def test_the_page_lists_the_quotas_in_force() -> None:
    """With the values and error codes that a rehearsal has."""
    page = (Path(__file__).parents[4] / "docs" / "limits.md").read_text(encoding="utf-8")
    for quota in QUOTAS:
        assert f"| {quota.name} | {quota.value:,} | `{quota.error}` | `{quota.code}` |" in page
