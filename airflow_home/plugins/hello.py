"""A Flask-AppBuilder plugin: a menu entry and a page, for people who are logged in, that says hello."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access


class HelloView(BaseView):
    """Airflow 2 serves the page at /hello/, Airflow 3 at /pluginsv2/hello/.

    Its class must not be named as its menu entry is: Flask-AppBuilder would take the permissions of one for those
    of the other and remove them at every start.
    """

    route_base = "/hello"
    default_view = "say_hello"

    @expose("/")
    @has_access
    def say_hello(self) -> str:
        return "Hello, world!"


class HelloPlugin(AirflowPlugin):
    """Tells Airflow of the page and where the menu shows it."""

    name = "hello"
    appbuilder_views = [{"name": "Hello", "category": "Plugins", "view": HelloView()}]
