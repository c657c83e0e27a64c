"""The steps that end an environment."""
