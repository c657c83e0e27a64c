"""Reads the text of a YAML into an environment, or finds every mistake in it with line and column."""
