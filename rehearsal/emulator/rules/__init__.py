"""How AWS behaves where MiniStack does not: stability, schedules, secrets, time, faults."""
