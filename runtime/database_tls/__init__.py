"""How containers verify the server of the metadata database."""
