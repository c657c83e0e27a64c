"""Settings of the web interface's Flask-AppBuilder: add your own, replace what you like but the two lines below."""

# Who may log in, and how, as `auth:` in the environment YAML says.
from windsock_login import *  # noqa: F403  Airflow reads every name

# Every form carries a token that only this site could have put there.
WTF_CSRF_ENABLED = True
# A form left open over lunch still works: the token ends with the session.
WTF_CSRF_TIME_LIMIT = None
