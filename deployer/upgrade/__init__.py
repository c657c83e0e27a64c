"""What an upgrade of a deployed environment to another Airflow release goes by."""
