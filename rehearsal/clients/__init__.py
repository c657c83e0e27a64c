"""Who visits a running environment: a client of Airflow, a browser at an identity provider, the provider itself."""
