"""Quotes what stands in statements of PostgreSQL."""


def quoted_name(name: str) -> str:
    """Return a name that SQL takes for one."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """Return text that SQL takes for itself."""
    return "'" + text.replace("'", "''") + "'"
