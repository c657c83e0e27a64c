"""What an environment may be: the sections of its YAML, and the facts of Airflow and AWS that they rest on."""
