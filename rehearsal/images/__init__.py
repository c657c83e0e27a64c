"""What stands for container images: virtual environments, database servers, packages that are built here."""
