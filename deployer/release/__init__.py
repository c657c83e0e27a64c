"""What is released to a cluster: the code of the Airflow home, and the image."""
