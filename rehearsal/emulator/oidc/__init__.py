"""An OpenID Connect provider, so that people can log in elsewhere."""
