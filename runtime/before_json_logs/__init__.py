"""What Airflow 3.0 and 3.1 lack to write JSON lines as later releases do by `[logging] json_logs`."""
