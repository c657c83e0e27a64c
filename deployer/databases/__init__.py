"""The kinds of database as a deploy sees them, one module each."""
