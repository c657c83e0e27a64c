"""A kept rehearsal that follows the files of its project: each saved file shows in Airflow."""
