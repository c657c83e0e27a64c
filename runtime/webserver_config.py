"""Gives Flask-AppBuilder its settings; Airflow reads it from its home, where a link leads to this file."""

from __future__ import annotations

# Airflow runs this file by its path, so only an absolute name finds the package, which has this name in the image.
from windsock_runtime.web_settings import web_settings

globals().update(web_settings())
