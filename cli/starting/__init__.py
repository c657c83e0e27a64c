"""What `windsock init` writes: a whole project, of its own or around an Airflow that exists."""
