"""Which AWS a verb talks to, and by which way."""
