"""Dates as the reports show them."""

import humanize


def late_by(days):
    return humanize.intcomma(days * 1000)
