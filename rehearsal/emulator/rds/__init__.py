"""Database instances: a real PostgreSQL that insists on TLS."""
