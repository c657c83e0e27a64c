"""One nested stack per module, each all that is known of it; none knows another."""
