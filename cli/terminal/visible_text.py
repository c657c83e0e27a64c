"""Makes visible what would steer a terminal: names, log lines and reasons come from visitors, DAGs and files."""

import re

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters but for tab and line feed, and those that change the direction of text."""


def visible(text: str) -> str:
    """Return the text with each such character as its escape, in the spelling of JSON and Python."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
