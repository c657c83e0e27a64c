"""The executors that `airflow.executor` offers, one module each."""
