"""One-off tasks on the cluster, and what they do to the database."""
