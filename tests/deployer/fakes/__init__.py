"""AWS in memory, as the deployer's own clients show it."""
