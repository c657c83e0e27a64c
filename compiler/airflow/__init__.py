"""What Airflow needs of AWS: containers, database connection, options, logs and roles."""
