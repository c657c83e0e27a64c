"""Settings of the web interface's Flask-AppBuilder; how people log in is in the environment YAML, below `auth:`."""

# Every form carries a token that only this site could have put there.
WTF_CSRF_ENABLED = True
# A form left open over lunch still works: the token ends with the session.
WTF_CSRF_TIME_LIMIT = None
