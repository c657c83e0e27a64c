"""Fills a new database with what another Airflow had in its own."""
