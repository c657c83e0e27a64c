"""Names what the shop's DAGs do."""

from acme_tables.prefixes import PREFIX


def label(text: str) -> str:
    """Return a text with the shop's prefix."""
    return f"{PREFIX}: {text}"
