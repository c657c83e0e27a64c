"""The steps of a plan: values that say why they are there and that can be executed, one kind per module."""
