"""Facts of the releases of Airflow and of their database engines, as tables."""
