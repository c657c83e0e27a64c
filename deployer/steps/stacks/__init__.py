"""The steps that make, change and await stacks, and what stacks need before."""
