"""The kinds of login that the section `auth` offers, one module each."""
