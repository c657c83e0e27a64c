"""The nested stacks, one per module; no stack imports another."""
