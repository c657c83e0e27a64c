"""Holds a file of each Airflow release that comes with Windsock, and the list of its options."""
