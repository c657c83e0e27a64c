"""The kinds of placement that `network.mode` offers, one per file."""
