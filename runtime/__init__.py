"""What Windsock brings into every Airflow container: log lines, logins and the ECS executor, for every release."""
