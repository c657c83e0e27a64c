"""The kinds of network that `network.mode` offers, one per file."""
