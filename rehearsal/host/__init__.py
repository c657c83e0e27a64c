"""This machine: namespaces, ports, and what a process may leave on it."""
