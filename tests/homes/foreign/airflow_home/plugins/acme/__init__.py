"""What the shop's DAGs share."""
