"""The shop's prefix."""

PREFIX = "acme"
