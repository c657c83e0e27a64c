"""The quota of security groups that the list of visitors can reach."""

RULES_PER_GROUP = 60
"""Inbound rules for IPv4 in one group; outbound ones count on their own. A prefix list counts with all its entries.

Source: docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, "Security groups", read 2026-11.
"""
