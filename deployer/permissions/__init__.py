"""The least that IAM must allow to deploy, change, watch, push to and take down an environment or a network."""
