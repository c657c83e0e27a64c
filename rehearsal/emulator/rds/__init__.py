"""Database instances: a real PostgreSQL that requires TLS."""
