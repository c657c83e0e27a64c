"""What is noted of an environment: how far a deploy came, what it owns, what a teardown deleted."""
