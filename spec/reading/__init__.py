"""From the text of a YAML to an environment, or to every mistake in it with line and column."""
