"""Immutable releases of the code in its bucket: written, made current, listed and cleared away."""
