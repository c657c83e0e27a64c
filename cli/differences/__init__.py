"""What `diff` compares an environment with, and how it prints what differs."""
