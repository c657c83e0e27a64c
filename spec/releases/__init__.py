"""What is known of the releases of Airflow and of the engines they run on, as tables."""
