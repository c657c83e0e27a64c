"""Deploys an environment to any AWS endpoint, checks it from outside, and takes it down."""
