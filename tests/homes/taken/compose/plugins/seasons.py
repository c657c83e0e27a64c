"""A module that DAGs import."""

SEASONS = ("spring", "summer", "autumn", "winter")
