"""How the command line tells of an upgrade to another Airflow release."""
