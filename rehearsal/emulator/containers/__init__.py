"""Containers as process trees: their images, file systems, memory, logs, and the first process in each."""
