"""Adds Airflow releases: asks the package index, makes pins, and rehearses them."""
