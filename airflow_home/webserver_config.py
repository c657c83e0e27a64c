"""Settings of the web interface's Flask-AppBuilder: people log in with a password that the metadata database keeps."""

from __future__ import annotations

from flask_appbuilder.const import AUTH_DB

AUTH_TYPE = AUTH_DB

# Every form carries a token that only this site could have put there.
WTF_CSRF_ENABLED = True
# A form left open over lunch still works: the token ends with the session.
WTF_CSRF_TIME_LIMIT = None
