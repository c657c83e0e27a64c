"""Measurements: whole commands side by side in one run, reported as ratios."""
