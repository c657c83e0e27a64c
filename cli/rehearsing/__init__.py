"""What the verbs share that run an environment on this machine."""
