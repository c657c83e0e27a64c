"""One narrow client per AWS service: frozen values out, each botocore exception named."""
