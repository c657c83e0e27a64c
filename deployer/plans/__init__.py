"""What deploy, push and teardown decide from what they observed: pure functions, without AWS."""
