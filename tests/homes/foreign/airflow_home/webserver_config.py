"""Another theme for the pages of Flask-AppBuilder; the name counts where Airflow sets none of its own."""

from flask_appbuilder.const import AUTH_DB

AUTH_TYPE = AUTH_DB
APP_NAME = "Acme Airflow"
APP_THEME = "simplex.css"
