"""What stands for the images of an environment, built on this machine."""
