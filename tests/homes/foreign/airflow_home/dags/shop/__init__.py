"""The shop's DAGs, a package whose files import each other."""
