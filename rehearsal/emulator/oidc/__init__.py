"""An OpenID Connect provider, for logins outside of Airflow."""
