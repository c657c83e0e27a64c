"""Draws the architecture of an environment from its templates."""
