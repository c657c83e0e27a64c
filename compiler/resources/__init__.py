"""Resources that several stacks make alike: buckets, policies, schedules, security groups."""
