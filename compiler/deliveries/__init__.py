"""The ways in which code reaches the containers, one module each."""
