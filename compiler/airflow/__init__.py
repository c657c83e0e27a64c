"""What Airflow needs of AWS: containers, connection, options, logs, roles and workers."""
