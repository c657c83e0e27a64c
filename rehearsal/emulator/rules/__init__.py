"""How AWS behaves where MiniStack does not: stability, schedules, secrets, quotas, lengths, time, faults."""
