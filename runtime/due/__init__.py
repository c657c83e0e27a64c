"""What Airflow is to do next, and what nobody can know beforehand, as its own database says it."""
