"""Turns an environment into CloudFormation templates, by computation alone."""
