"""The kinds of database that the section `database` offers, one module each."""
