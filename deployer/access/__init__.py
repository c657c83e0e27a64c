"""Ways into a running environment: shells, sessions, logs, and the OAuth client it lets people in by."""
