"""Whether an environment is healthy, and how one that sleeps is woken."""
