"""The kinds of the `schedule` section."""
