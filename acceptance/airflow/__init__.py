"""What a rehearsal knows of Airflow: clients of its web server, and the packages that bring modules."""
