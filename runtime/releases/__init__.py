"""What becomes of releases in a container after they were fetched: which one a process uses, and what Airflow says."""
