"""How long an environment is awake that sleeps unless something is due, by the schedules of its DAGs."""
