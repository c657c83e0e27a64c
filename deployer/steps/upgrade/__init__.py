"""The steps that bring a deployed environment to another Airflow release."""
