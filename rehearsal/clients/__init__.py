"""Clients of a running environment: of Airflow, of a site behind an identity provider, of the provider itself."""
