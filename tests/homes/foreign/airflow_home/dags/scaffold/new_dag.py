from airflow import DAG

with DAG("{{ name }}", schedule={{ schedule }}) as dag:
    {% for table in tables %}
    pass
    {% endfor %}
